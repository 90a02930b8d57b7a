#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# page.pl MAKER: opens the pages that MAKER makes up in Chromium and uses them: clicks,
# types, zooms, sorts, moves the slider; by day and by night, wide and narrow. Names in
# them would like to be run. With SHOTS=directory it leaves pictures there.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Browser;
use File::Temp qw(tempdir);
use Test::More;

binmode(STDOUT, ':utf8');
binmode($_, ':utf8') for map { Test::More->builder->$_ } qw(output failure_output);

my ($maker) = @ARGV;
my $dir = tempdir(CLEANUP => 1);
my $browser = Browser->new($dir);

END {
	my $status = $?;

	$browser->quit if $browser;
	$? = $status;
}

sub make {
	my ($page) = @_;

	system("'$maker' $page >'$dir/$page.html'") == 0 or die "$maker $page failed\n";
	return "$dir/$page.html";
}

sub shot {
	my ($name) = @_;

	$browser->screenshot("$ENV{SHOTS}/$name.png") if $ENV{SHOTS};
}

sub js {
	return $browser->run(@_);
}

# Nothing ran that is not ours, nothing was asked for, nothing complained.
sub quiet {
	my ($name) = @_;

	is(js('return document.title.includes("pwned")'), JSON::PP::false, "$name: no name was run");
	is_deeply([$browser->complaints], [], "$name: no complaint in the console");
	is_deeply([grep { !m{^(file://\Q$dir\E/|about:|chrome:|data:)} } $browser->requests], [],
		  "$name: nothing was asked for over a network");
}

sub hash {
	return js('return location.hash');
}

sub here {
	return $browser->text('#here-facts');
}

sub search {
	my ($text) = @_;

	js('byId("find").value = ""');
	$browser->type('#find', $text, 'Enter');
}

sub names {
	$browser->open_page(make('everything'));
	is(js('return document.documentElement.dataset.ready'), 'true', 'the page is ready');
	is($browser->text('#title'), '<i>evil</i> · pid 76', 'a name of markup is text');
	is(js('return document.querySelectorAll("img, i, b, u, iframe").length'), 0, 'and no element');
	is(js('return document.querySelectorAll("script:not([type])").length'), 1, 'one script is run');
	unlike(js('return document.body.innerText'), qr/[\x{202a}-\x{202e}\x{2066}\x{200b}\x{61c}\x{1b}]/,
	       'nothing in it turns text around');
	like(js('return page.snapshot.segments.map((s) => s.label).join("|")'), qr/\\u\{202e\}gnp\.exe/,
	     'what would is told');
	like(js('return page.snapshot.segments.map((s) => s.name).join("|")'), qr/\x{fffd}/,
	     'what is no UTF-8 is replaced');
	quiet('names');
}

# What got into the page all the same would not be run, nor could it tell anybody.
sub policy {
	js(q{
		const script = document.createElement("script");
		script.textContent = "document.title = 'pwned'";
		document.body.append(script);
		script.remove();
		new Image().src = "http://127.0.0.1:9/image";
		fetch("http://127.0.0.1:9/fetch").catch(() => {});
	});
	select(undef, undef, undef, 0.2);
	is(js('return document.title.includes("pwned")'), JSON::PP::false, 'the policy: no other script');
	my @said = $browser->complaints;
	for my $what ('Executing inline script', 'Loading the image', 'Connecting to') {
		ok((grep { /$what.*Content Security Policy/ } @said), "the policy: $what") or diag(@said);
	}
	$browser->requests;
}

sub searching {
	search('0xc000100010');
	like(hash(), qr/addr=0xc000100010/, 'an address that was searched is in the link');
	like(here(), qr/7 · waiting: <b>chan<\/b>/, 'what is there: the goroutine');
	like(here(), qr/PGD 1 → PUD 256 → PMD 0 → PTE 256/, 'and the way of a walk');
	search('passwd');
	like(here(), qr{/etc/passwd}, 'a name that was searched');
	search('nowhere at all');
	is($browser->text('#found'), 'no such address or name', 'what is not there');
	search('0x7f2000100000');
	like(here(), qr/in no VMA, .* above 7f2000002000, .* below 7f2000200000/, 'a hole');
	$browser->open_page("$dir/everything.html", '#addr=0x7e0000000010');
	like(here(), qr{</script><script>}, 'a link to an address');
	js('location.hash = "#addr=0x400000&at=0"');
	select(undef, undef, undef, 0.1);
	like(here(), qr{/bin/target}, 'a link that is followed');
	js('location.hash = "#addr=zzz&at=99"');
	select(undef, undef, undef, 0.1);
	like(here(), qr{/bin/target}, 'a link that makes no sense changes nothing');
}

sub sorting {
	my $first = 'return document.querySelector("#segment-table tbody tr").textContent';
	my $resident = '#segment-table th:nth-child(5)';

	js("document.querySelector('$resident').scrollIntoView({ block: 'center' })");
	$browser->click("$resident button");
	is(js("return document.querySelector('$resident').ariaSort"), 'descending', 'sorted by what is resident');
	like(js($first), qr/^\Q@{[js('return [...page.snapshot.segments].sort((a, b) => b.sums.resident - a.sums.resident)[0].label')]}/,
	     'the largest comes first');
	js("document.querySelector('$resident button').focus()");
	$browser->type(undef, 'Enter');
	is(js("return document.querySelector('$resident').ariaSort"), 'ascending', 'and the other way, by the keyboard');
	$browser->click('#segment-table tbody tr:nth-child(3)');
	is(js('return page.segment === page.segments.ordered[2]'), JSON::PP::true, 'a row that is clicked is picked');
}

sub map_view {
	js('scrollTo(0, 0); page.go({ address: 0x400000n })');
	$browser->point('#picture', -200, 0);
	is(js('return page.map.tip.hidden'), JSON::PP::false, 'where the pointer is, it is told');
	like($browser->text('#picture .tip'), qr/^[0-9a-f]+-[0-9a-f]+\n/, 'which pages');
	$browser->point('#picture', -200, 0, 1);
	unlike(hash(), qr/addr=0x400000&/, 'a click goes there');
	my $scale = $browser->text('#scale');
	js('byId("picture").focus()');
	$browser->type(undef, '-');
	isnt($browser->text('#scale'), $scale, 'a key zooms out');
	$browser->type(undef, '+');
	is($browser->text('#scale'), $scale, 'and in');
	$browser->click('#zoom-out');
	isnt($browser->text('#scale'), $scale, 'so does a button');
	$browser->type(undef, '0');
	js('byId("zoom-fit").click()');
	is($browser->text('#scale'), $scale, 'back to what fits');
	js('byId("picture").focus()');
	$browser->type(undef, 'Home');
	like(hash(), qr/addr=0x400000&/, 'Home is the lowest address');
	$browser->type(undef, 'Right');
	like(hash(), qr/addr=0x401000&/, 'an arrow is the next cell');
	$browser->type(undef, 'End');
	like(hash(), qr/addr=0xffffffffff600000&/, 'End is the vsyscall page');
	ok(js('return page.map.lineOf(page.map.cursor) >= page.map.firstInSight()'), 'which is in sight');
	is(js(q{
		const lines = page.map.lines.filter((line) => line.gap && line.what === "hole");
		return lines.reduce((sum, line) => sum + line.pages, 0) +
			page.snapshot.vmas.reduce((sum, vma) => sum + vma.pages, 0);
	}), js('return page.snapshot.vmas.at(-1).end - page.snapshot.vmas[0].start'),
	   'holes and VMAs are all that there is');
}

sub pages {
	search('0x800000');
	is($browser->text('#pages-of'), 'heap', 'the strip is of the segment');
	is(js(q{
		return page.strip.lines.filter((line) => !line.gap).flatMap((line) => page.strip.cellsOf(line))
			.filter((cell) => cell.mapped).map((cell) => lookOf(cell.state).id).join(" ");
	}), 'anon-dirty anon-dirty swap swap swap none none none', 'a cell for each page, by what it is');
	like($browser->text('#extent-table tbody'), qr/00802000-00805000312Kin swap/, 'runs of pages');
}

sub tree {
	js('scrollTo(0, 0)');
	search('0xc000000000');
	js('document.activeElement.blur()');
	$browser->type(undef, 'w');
	like(js('return document.activeElement.textContent'), qr/^PMD\[000–000\]|^PMD\[000\]/, 'a walk ends at the leaf');
	like(js('return document.activeElement.textContent'), qr/2\.0M anonymous, 2M leaf, writable/, 'which is told');
	$browser->type(undef, 'Left');
	is(js('return document.activeElement.ariaExpanded'), 'true', 'an arrow leads to the table above');
	$browser->type(undef, 'Left');
	is(js('return document.activeElement.ariaExpanded'), 'false', 'and closes it');
	$browser->type(undef, 'Right', 'Down');
	is(js('return document.activeElement.ariaLevel'), '3', 'or opens it');
	is(js(q{
		const tree = page.tree, entries = new Set();
		for (const [extent] of tree.used(0, Infinity))
			entries.add(Math.floor(extent.start / tree.pagesOf(0)));
		return [...byId("tree").children].length === entries.size;
	}), JSON::PP::true, 'each entry of the PGD that is in use has a line');
}

sub go_view {
	like($browser->text('#go-facts'), qr/versiongo1\.19\.8.*goroutines1/, 'Go: version and goroutines');
	like($browser->text('#goroutines tbody'), qr/waiting: <b>chan<\/b>.*<\/script><script>/, 'functions are text');
	like($browser->text('#arena-legend'), qr/objects.*stacks.*scavenged/s, 'arenas have a legend');
	is(js('return page.goView.picture.cellsOf(page.goView.picture.lines[0])[0].span.spans'), 2,
	   'spans that are alike are one');
}

# The contrast of two colours of the style sheet, as WCAG 2 has it.
my $contrast = q{
	const light = (name) => {
		const hex = themed(name).slice(1);
		const [r, g, b] = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
			.map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ratio = (a, b) => {
		const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
		return (x + 0.05) / (y + 0.05);
	};
};

sub themes {
	for my $scheme (qw(light dark)) {
		$browser->media($scheme);
		is(js("$contrast return light('--back') > 0.5 ? 'light' : 'dark'"), $scheme, "$scheme: the ground");
		is_deeply(js("$contrast const bad = [];
			for (const back of ['--back', '--panel', '--picked'])
				for (const front of ['--text', '--muted', '--accent', '--gain', '--loss'])
					if (!(ratio(front, back) >= 4.5))
						bad.push(front + ' on ' + back + ' ' + ratio(front, back));
			return bad;"), [], "$scheme: text has a contrast of 4.5");
		is_deeply(js("$contrast return page.snapshot.doc.kinds
			.map((kind) => '--kind-' + kind.replaceAll(' ', '-'))
			.filter((name) => !(ratio(name, '--back') >= 3));"), [],
			  "$scheme: each kind has a colour with a contrast of 3");
		is_deeply(js("return PAGE_LOOKS.map((look) => '--page-' + look.id)
			.concat(SPAN_LOOKS.map((id) => '--span-' + id)).filter((name) => !themed(name));"), [],
			  "$scheme: each page and span has one");
		is(js('return kindColor("text") ===
			getComputedStyle(document.documentElement).getPropertyValue("--kind-text").trim()'), JSON::PP::true, "$scheme: it is drawn with");
	}
}

sub sizes {
	for ([1280, 800], [390, 844]) {
		my ($width, $height) = @$_;

		for my $scheme (qw(light dark)) {
			$browser->media($scheme);
			$browser->size($width, $height);
			select(undef, undef, undef, 0.1);
			ok(js('return document.documentElement.scrollWidth <= innerWidth'),
			   "$width wide: nothing sticks out");
			ok(js('return page.map.nr >= 8 && page.map.cellX(page.map.nr) < byId("picture").clientWidth'),
			   "$width wide: the cells fit");
			js('scrollTo(0, 0)');
			shot("everything-$width-$scheme");
		}
	}
	$browser->size(1280, 800);
	$browser->media('light', 'print');
	is(js('return getComputedStyle(document.querySelector("nav")).display'), 'none', 'paper needs no links');
	$browser->media('dark');
	js('dispatchEvent(new Event("beforeprint"))');
	is(js('return page.map.colors.text'), '#1b1f24', 'for paper, pictures are dark on light');
	js('dispatchEvent(new Event("afterprint"))');
	is(js('return page.map.colors.text'), '#e6e9ed', 'and then light on dark again');
	$browser->media('light');
}

sub labelled {
	is_deeply(js(q{
		return [...document.querySelectorAll("button, input, select, [role=region], [role=application], [role=tree], section, nav, dialog")]
			.filter((e) => !(e.ariaLabel || e.labels?.length || e.title ||
				document.getElementById(e.getAttribute("aria-labelledby"))?.textContent ||
				(e.tagName === "BUTTON" && e.textContent)))
			.map((e) => e.outerHTML.slice(0, 80));
	}), [], 'everything that is used has a name');
	is(js('return new Set([...document.querySelectorAll("[id]")].map((e) => e.id)).size ===
		document.querySelectorAll("[id]").length'), JSON::PP::true, 'no two have one id');
	is_deeply(js('return [...document.querySelectorAll("nav a")].filter((a) => !document.querySelector(a.hash)).length'),
		  0, 'links lead somewhere');
	$browser->type(undef, '?');
	ok(js('return byId("help").open'), 'a key lists the keys');
	$browser->type(undef, 'Escape');
	ok(js('return !byId("help").open'), 'and Escape closes the list');
	$browser->type(undef, '/');
	is(js('return document.activeElement.id'), 'find', 'a key leads to the search');
}

sub timeline {
	$browser->open_page(make('timeline'), '#at=2');
	like($browser->text('#when'), qr/^@3 · 3 of 6/, 'a link to a snapshot');
	js('byId("slider").focus()');
	$browser->type(undef, 'Right');
	like($browser->text('#when'), qr/^@4 · 4 of 6/, 'the slider moves by the keyboard');
	like(hash(), qr/at=3$/, 'and the link with it');
	my $before = $browser->text('#segment-table tfoot');
	js('byId("slider").value = 5; byId("slider").dispatchEvent(new Event("input"))');
	isnt($browser->text('#segment-table tfoot'), $before, 'the table is of that snapshot');
	js('document.activeElement.blur()');
	$browser->type(undef, '[', '[');
	like($browser->text('#when'), qr/^@4 /, 'keys go back');
	$browser->point('#chart', 0, 0, 1);
	like($browser->text('#when'), qr/^@[34] /, 'a click on the chart goes there');
	my %expected = map { split /: |\n/ } qx{'$maker' diff};
	is_deeply(js('return diffPages(page.snapshots[0], page.snapshots[5]).sums'),
		  { map { $_ => $expected{$_} + 0 } keys %expected }, 'the difference is what vmwalk diff tells');
	ok(keys %expected > 4, 'of several kinds') or diag(explain(\%expected));
	like($browser->text('#diff-vmas tbody'), qr/d100000000-d100004000rw-pnew16K\[anon: came later\]/,
	     'VMAs that are new');
	js('byId("diff-a").value = 5; byId("diff-b").value = 0;
		byId("diff-b").dispatchEvent(new Event("change"))');
	like($browser->text('#diff-vmas tbody'), qr/gone16K/, 'the other way round they are gone');
	js('byId("diff-a").value = 5; byId("diff-b").value = 5;
		byId("diff-b").dispatchEvent(new Event("change"))');
	is(js('return document.querySelectorAll("#diff-segments tbody tr").length'), 0, 'nothing differs from itself');
	js('page.diff.choose(0, 5); scrollTo(0, 0)');
	shot('timeline');
	quiet('timeline');
}

sub large {
	$browser->open_page(make('large'));
	my $ms = js('return performance.getEntriesByType("navigation")[0].loadEventEnd');
	note(sprintf('%d KiB with 10,000 VMAs, loaded in %d ms', (-s "$dir/large.html") / 1024, $ms));
	is(js('return page.snapshot.vmas.length'), 10000, '10,000 VMAs');
	ok(js('return document.querySelectorAll("tr").length < 1000'), 'rows out of sight are not in the page');
	is(js('return document.querySelector("#segment-table table").ariaRowCount ??
		document.querySelector("#segment-table table").getAttribute("aria-rowcount")'), '5002', 'but are counted');
	js('byId("segment-table").scrollTop = 1e9');
	select(undef, undef, undef, 0.2);
	like($browser->text('#segment-table tbody'), qr/file-9998\.so/, 'and are there when scrolled to');
	search('file-9999.so');
	like(here(), qr{/lib/file-9999\.so}, 'the last one is found');
	js('dispatchEvent(new Event("beforeprint"))');
	is(js('return document.querySelectorAll("#segment-table tbody tr").length'), 1000,
	   'paper gets as many as anybody would print');
	is_deeply(js('return [page.map, page.strip].map((p) => p.canvas.height / p.lines.length >= 3 * 16 ||
		p.canvas.height === 3 * 16 * 50)'), [JSON::PP::true, JSON::PP::true],
		  'pictures are on it line by line, as far as a sheet goes');
	my $width = js('return page.map.box.clientWidth');
	js('dispatchEvent(new Event("afterprint"))');
	is(js('return page.map.canvas.clientWidth'), $width, 'and are as wide as the window again');
	ok(js('return document.querySelectorAll("#segment-table tbody tr").length') < 100, 'and the page its own again');
	quiet('large');
}

$browser->size(1280, 800);
$browser->media('light');
names();
policy();
searching();
sorting();
map_view();
pages();
tree();
go_view();
themes();
sizes();
labelled();
quiet('everything');
timeline();
large();
done_testing();
