#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# page.pl PAGE STYLE SCRIPT...: the report's page as two arrays of C, of what comes
# before the data and of what comes after. The policy in it names style and script by
# their hashes: whatever else got into the page would not be run.
use strict;
use warnings;
use Digest::SHA qw(sha256_base64);

sub contents {
	my ($path) = @_;

	open(my $file, '<:raw', $path) or die "$path: $!\n";
	local $/;
	return <$file>;
}

# As a policy wants it: with padding.
sub hash {
	return 'sha256-' . sha256_base64($_[0]) . '=';
}

sub array {
	my ($name, $text) = @_;

	print "static const unsigned char $name\[\] = {";
	my @bytes = unpack('C*', $text);
	while (my @line = splice(@bytes, 0, 20)) {
		print "\n\t", join(',', @line), ',';
	}
	print "\n};\n";
}

my ($page, $style, @scripts) = @ARGV;
my $text = contents($page);
my %parts = (
	STYLE => contents($style),
	SCRIPT => join('', map { contents($_) } @scripts),
);
$parts{STYLE_HASH} = hash($parts{STYLE});
$parts{SCRIPT_HASH} = hash($parts{SCRIPT});

die "$page: no place for the data\n" unless $text =~ /^\@DATA\@\n/m;
$text =~ s/\@([A-Z_]+)\@/$1 eq 'DATA' ? "\@$1\@" : $parts{$1} \/\/ die "$1?\n"/ge;
my ($head, $tail) = split(/^\@DATA\@\n/m, $text, 2);
array('report_head', $head);
array('report_tail', $tail);
