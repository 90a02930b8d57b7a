# SPDX-License-Identifier: GPL-2.0
# A headless Chromium, driven over the WebDriver protocol: what a test does to a page,
# and what the page did meanwhile. Core modules of Perl only.
package Browser;
use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP;
use MIME::Base64 qw(decode_base64);

my $json = JSON::PP->new->utf8->allow_nonref;
my %keys = (
	Enter => "\x{e007}", Escape => "\x{e00c}", Left => "\x{e012}", Up => "\x{e013}",
	Right => "\x{e014}", Down => "\x{e015}", PageDown => "\x{e00f}", Home => "\x{e011}",
	End => "\x{e010}", Tab => "\x{e004}",
);

# Starts both, on a port that the driver chooses.
sub new {
	my ($class, $dir) = @_;
	my $self = bless { http => HTTP::Tiny->new(timeout => 60), dir => $dir }, $class;

	$self->{pid} = open($self->{driver}, '-|', 'chromedriver', '--port=0') or die "chromedriver: $!\n";
	while (my $line = readline($self->{driver})) {
		next unless $line =~ /started successfully on port (\d+)/;
		$self->{base} = "http://127.0.0.1:$1";
		last;
	}
	die "chromedriver did not start\n" unless $self->{base};
	my @arguments = ('--headless=new', '--disable-gpu', '--hide-scrollbars',
			 '--force-device-scale-factor=1', "--user-data-dir=$dir/profile");
	push @arguments, '--no-sandbox' if $> == 0;
	my $session = $self->call(POST => '/session', { capabilities => { alwaysMatch => {
		'goog:chromeOptions' => { args => \@arguments },
		'goog:loggingPrefs' => { browser => 'ALL', performance => 'ALL' },
	} } });
	$self->{session} = "/session/$session->{sessionId}";
	return $self;
}

sub call {
	my ($self, $method, $path, $body) = @_;
	my %options = $body ? (content => $json->encode($body)) : ();
	my $answer = $self->{http}->request($method, $self->{base} . $path, \%options);
	my $value = eval { $json->decode($answer->{content})->{value} };

	die "$method $path: " . ($value ? $value->{message} : $answer->{content}) . "\n"
		unless $answer->{success};
	return $value;
}

sub ask {
	my ($self, $method, $path, $body) = @_;

	return $self->call($method, $self->{session} . $path, $body);
}

# What the devices of the browser can, beyond what users do.
sub devices {
	my ($self, $command, %parameters) = @_;

	return $self->ask(POST => '/goog/cdp/execute', { cmd => $command, params => \%parameters });
}

sub size {
	my ($self, $width, $height) = @_;

	$self->devices('Emulation.setDeviceMetricsOverride', width => $width + 0, height => $height + 0,
		       deviceScaleFactor => 1, mobile => JSON::PP::false);
}

sub media {
	my ($self, $scheme, $type) = @_;

	$self->devices('Emulation.setEmulatedMedia', media => $type // '', features => [
		{ name => 'prefers-color-scheme', value => $scheme } ]);
}

sub open_page {
	my ($self, $path, $fragment) = @_;

	# Another fragment alone would not load it anew.
	$self->ask(POST => '/url', { url => 'about:blank' });
	$self->ask(POST => '/url', { url => "file://$path" . ($fragment // '') });
}

sub run {
	my ($self, $script, @arguments) = @_;

	return $self->ask(POST => '/execute/sync', { script => $script, args => \@arguments });
}

sub find {
	my ($self, $selector) = @_;
	my $found = $self->ask(POST => '/element', { using => 'css selector', value => $selector });

	return (values %$found)[0];
}

sub click {
	my ($self, $selector) = @_;

	$self->ask(POST => '/element/' . $self->find($selector) . '/click', {});
}

# Into the element, or if @selector is undefined to where the focus is.
sub type {
	my ($self, $selector, @words) = @_;
	my $text = join('', map { $keys{$_} // $_ } @words);

	if ($selector) {
		$self->ask(POST => '/element/' . $self->find($selector) . '/value', { text => $text });
		return;
	}
	my @presses = map { ({ type => 'keyDown', value => $_ }, { type => 'keyUp', value => $_ }) }
		split(//, $text);
	$self->ask(POST => '/actions', { actions => [
		{ type => 'key', id => 'keyboard', actions => \@presses } ] });
}

# The pointer, @x and @y from the middle of the element; and what it does there.
sub point {
	my ($self, $selector, $x, $y, @clicks) = @_;
	my @press = ({ type => 'pointerDown', button => 0 }, { type => 'pointerUp', button => 0 });

	$self->ask(POST => '/actions', { actions => [ { type => 'pointer', id => 'mouse', actions => [
		{ type => 'pointerMove', origin => { 'element-6066-11e4-a52e-4f735466cecf' =>
			$self->find($selector) }, x => $x, y => $y, duration => 0 },
		map { @press } @clicks ] } ] });
}

sub text {
	my ($self, $selector) = @_;

	return $self->run('return document.querySelector(arguments[0]).textContent', $selector);
}

# Messages of the console, since the last time.
sub complaints {
	my ($self) = @_;

	return map { $_->{message} } @{ $self->ask(POST => '/se/log', { type => 'browser' }) };
}

# Addresses that were asked for, since the last time.
sub requests {
	my ($self) = @_;
	my @events = map { $json->decode($_->{message})->{message} }
		@{ $self->ask(POST => '/se/log', { type => 'performance' }) };

	return map { $_->{params}{request}{url} } grep { $_->{method} eq 'Network.requestWillBeSent' } @events;
}

sub screenshot {
	my ($self, $path) = @_;

	open(my $file, '>:raw', $path) or die "$path: $!\n";
	print $file decode_base64($self->ask(GET => '/screenshot'));
	close($file);
}

sub quit {
	my ($self) = @_;

	eval { $self->call(DELETE => $self->{session}) } if $self->{session};
	kill('TERM', $self->{pid});
	close($self->{driver});
}

1;
