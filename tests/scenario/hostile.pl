#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# usage: hostile.pl URL, tokens and ids in the environment
use strict;
use warnings;
use Test::More;
use sse;

my ($url) = @ARGV;
my %token = (admin => $ENV{ADMIN}, coordinator => $ENV{CHEN}, inspector => $ENV{LI},
	unit => $ENV{JIA}, viewer => $ENV{KAN});
my $json = JSON::PP->new->utf8->allow_nonref;
my $http = $sse::http;
my ($sent, @bad);

# Sends; notes an answer that is not one.
sub try_it {
	my ($who, $method, $path, $body, %headers) = @_;
	$headers{authorization} = "Bearer $token{$who}" if $who ne '';
	my %o = (headers => \%headers);
	if (defined $body) {
		$o{content} = $body;
		$headers{'content-type'} //= 'application/json';
	}
	my $r = $http->request($method, $url . $path, \%o);
	$sent++;
	my $st = $r->{status};
	# HTTP::Tiny's own 599: no answer at all.
	push @bad, "$who $method " . substr($path, 0, 200) . ' '
	    . substr($body // '', 0, 200) . ": $st " . substr($r->{content}, 0, 200)
	    if $st >= 500 || ($st >= 400
		&& ($r->{headers}{'content-type'} // '') !~ m{^application/problem\+json});
	return ($st, $r->{content}, $r->{headers});
}
sub settled {
	my ($name) = @_;
	ok(!@bad, $name) or diag(join "\n", @bad[ 0 .. ($#bad > 9 ? 9 : $#bad) ]);
	@bad = ();
}
sub encoded { my $s = shift; $s =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ge; return $s }

# Every route and field with what nobody means.
my @values = ('null', 'true', '-1', '0', '9223372036854775807', '9223372036854775808',
	'-9223372036854775808', '1e308', '-0.0', '0.1', '1E400', '18446744073709551616',
	'""', '"\ud83d\ude00"', '"a\u0000b"', '"\u0007"', '"\u202e\ufeff"',
	'"\'; DROP TABLE shelter; --"', '"../../evil"', '"%s%n%99999999d"',
	'"' . 'A' x 5000 . '"', '[]', '[[]]', '{}', '[null]', '{"a":{}}',
	'"2026-13-45T99:99:99Z"', '"9999-12-31T23:59:59Z"', '"0000-01-01T00:00:00Z"',
	'[1e308,-1e308]', '[181,91]', '[0,90]', '1e-320');
my @words = ('', '-1', '0', '9223372036854775807', '9223372036854775808', '1e999', 'nan',
	'inf', '-inf', '1e308', '%00', '%', '%zz', '%c0%af', '%ed%a0%80', '%0d%0aX:%20y', "'",
	'1;drop', '0x10', '1,2', '3,2,1,0', 'nan,nan,nan,nan', '-1e308,-1e308,1e308,1e308',
	'180,90,-180,-90', 'a' x 3000, '+1', ' 1', '1.0');
my $api = $json->decode($http->get("$url/openapi.json")->{content});

sub sample {
	my ($s) = @_;
	return sample($s->{oneOf}[0]) if $s->{oneOf};
	return $json->encode($s->{enum}[0]) if $s->{enum};
	my $t = ref $s->{type} ? $s->{type}[0] : $s->{type} // 'string';
	return '{' . join(',', map { "\"$_\":" . sample($s->{properties}{$_}) }
		@{ $s->{required} // [] }) . '}' if $t eq 'object';
	return '[' . ($s->{items} ? sample($s->{items}) : 1) . ']' if $t eq 'array';
	return 'true' if $t eq 'boolean';
	return $s->{minimum} // 1 if $t eq 'integer' || $t eq 'number';
	return '"x"';
}

for my $path (sort keys %{ $api->{paths} }) {
	next if $path =~ m{^/v1/log}; # would end our own tokens, or be limited
	for my $method (sort keys %{ $api->{paths}{$path} }) {
		my $op = $api->{paths}{$path}{$method};
		next if "$method $path" =~ m{^(?:delete /v1/tokens|patch /v1/users)};
		my $who = $op->{'x-roles'}[-1] // 'viewer';
		(my $at = $path) =~ s/\{[a-z]+\}/1/g;
		my %ifm = $op->{parameters} && (grep { $_->{name} eq 'If-Match' } @{ $op->{parameters} })
		    ? ('if-match' => '"1"') : ();
		for my $id ($path =~ /\{/ ? ('-1', '0', '9223372036854775807', '9223372036854775808',
			'1%00', '1%2f2', '..', '%2e%2e', "1'", 'x' x 2000) : ()) {
			(my $odd = $path) =~ s/\{[a-z]+\}/$id/g;
			try_it($who, uc $method, $odd, $method eq 'get' ? undef : '{}', %ifm);
		}
		for my $p (grep { $_->{in} eq 'query' } @{ $op->{parameters} // [] }) {
			next if $p->{name} eq 'wait';
			my $others = join '', map { "&$_->{name}=1" } grep { $_->{in} eq 'query'
			    && $_->{required} && $_->{name} ne $p->{name} } @{ $op->{parameters} };
			try_it($who, uc $method, "$at?$p->{name}=$_$others") for @words;
		}
		my $body = $op->{requestBody}{content}{'application/json'}{schema} or next;
		for my $name (sort keys %{ $body->{properties} }) {
			my @rest = map { "\"$_\":" . sample($body->{properties}{$_}) }
			    grep { $_ ne $name } @{ $body->{required} // [] };
			try_it($who, uc $method, $at,
			    '{' . join(',', "\"$name\":$_", @rest) . '}', %ifm) for @values;
		}
	}
	settled("$path holds");
}

# JSON itself.
for my $body ('[' x 100000, '{"a":' x 50000, '"' . "\\" x 999, "{\"name\":\"\xff\xfe\"}",
	'{"name":"\ud800"}', '{"name":"\udc00\ud800"}', "{\"name\":\"a\0b\"}", "\xef\xbb\xbf{}",
	'{"name":"a","name":"b","at":[1,2]}', '{"at":[1e999,0]}', '{"at":[NaN,0]}',
	'{"at":[-,0]}', '{"places":1' . '0' x 4000 . '}', '{"places":1e' . '9' x 400 . '}', '{}}', '',
	'{"units":[' . join(',', ('{}') x 20000) . ']}', '{' . join(',', map { "\"k$_\":1" } 1 .. 20000) . '}') {
	my ($st) = try_it('coordinator', 'POST', '/v1/shelters', $body);
	push @bad, substr($body, 0, 40) . " is taken: $st" if $st < 400;
}
settled('JSON of no good is refused');

# where.
my @where = (('(' x 10000) . 'id=1' . (')' x 10000), 'not ' x 10000 . 'id=1', 'id=1 or ' x 10000 . 'id=1',
	"name='" . 'x' x 100000 . "'", "name=''' or 1=1 --'", 'id=1e999', 'id=nan', 'floors>1e308*2',
	"name='\0'", 'id', '=', "name='", 'hidden=1', 'note=\'x\'', 'id=1;drop table shelter', '(' x 40 . 'id=1' . ')' x 40);
for my $w (@where) {
	try_it('viewer', 'GET', '/v1/shelters?where=' . encoded(substr $w, 0, 5000));
	try_it('viewer', 'GET', '/v1/coverage?radius=200&where=' . encoded(substr $w, 0, 4000));
	try_it('coordinator', 'POST', '/v1/plans', $json->encode({ radius => 200, where => $w }));
}
settled('where holds');
my ($st) = try_it('viewer', 'GET', '/v1/shelters?where=' . encoded('hidden=1'));
is($st, 400, 'where does not ask what is hidden');

# Backups: names.
for my $name ('../evil', '/tmp/evil', 'a/../../evil', '..', '.', '.evil', 'evil%2f', "evil\0x", 'e' x 65, '', "e\nvil",
	'evil;rm', '-evil') {
	my ($st, $text) = try_it('admin', 'POST', '/v1/backup', $json->encode({ name => $name }));
	push @bad, "backup '$name' is taken: $st" if $st < 400 && $name ne '-evil';
}
settled('backups stay in their folder');

# Imports.
my $open = 0;
my @imports;
for (1 .. 400) {
	my ($st, $text) = try_it('coordinator', 'POST', '/v1/imports', '{"kind":"shelters","crs":"wgs84","files":["f"]}');
	@bad = grep { !/: 503/ } @bad;
	last if $st >= 400;
	push @imports, $json->decode($text)->{id};
}
ok(@imports < 400, 'imports that are never committed are bounded (' . @imports . ')');
my ($first, $second) = @imports;
my $row = '{"file":0,"line":1,"name":"n","x":120,"y":30}';
is((try_it('coordinator', 'POST', "/v1/imports/$first/rows", "{\"seq\":5,\"rows\":[$row]}"))[0], 409,
    'pieces out of order are refused');
is((try_it('viewer', 'POST', "/v1/imports/$first/rows", "{\"seq\":0,\"rows\":[$row]}"))[0], 403,
    'a viewer sends none');
for my $r ('{"file":7,"line":1}', '{"file":-1,"line":1}', '{"file":0,"line":-5,"x":1,"y":2}', '{"x":1e308,"y":-1e308}',
	'{"file":0,"line":1,"x":"1","y":2}', '{"file":0,"line":1,"places":-5,"x":120,"y":30}',
	'{"file":0,"line":1,"places":9e15,"x":120,"y":30}', '{"file":0,"line":9e15,"x":120,"y":30}',
	'{"file":0,"line":1,"geometry":{"type":"Polygon","coordinates":[[]]}}',
	'{"file":0,"line":1,"reject":{"field":"' . 'f' x 9000 . '","reason":"x"}}') {
	try_it('coordinator', 'POST', "/v1/imports/$second/rows", "{\"seq\":0,\"rows\":[$r]}");
}
my $long = '{"file":0,"line":1,"note":"' . 'n' x 4000 . '","x":120,"y":30}';
my $full = 0;
for (0 .. 9) {
	my ($st) = try_it('coordinator', 'POST', "/v1/imports/$first/rows",
	    "{\"seq\":$_,\"rows\":[" . join(',', ($long) x 60) . ']}');
	$full ||= $st == 422;
}
ok($full, 'an import gathers no more than it may');
try_it('coordinator', 'DELETE', "/v1/imports/$_") for @imports;
is((try_it('coordinator', 'POST', "/v1/imports/$first/commit"))[0], 404, 'what is forgotten is not committed');
settled('imports hold');

# Drills.
my @many = map { "{\"op\":\"m$_\",\"shelter\":$ENV{A},\"people\":1}" } 1 .. 10000;
my ($too_many) = try_it('unit', 'POST', "/v1/drills/$ENV{DRILL}/arrivals", '{"arrivals":[' . join(',', @many) . ']}');
like($too_many, qr/^4(?:13|22)$/, 'ten thousand arrivals at once are too many');
try_it('unit', 'POST', "/v1/drills/$ENV{DRILL}/arrivals",
    "{\"arrivals\":[{\"op\":\"x\",\"shelter\":$ENV{A},\"people\":$_}]}")
    for '-1', '0', '1e15', '9007199254740993', '2147483648', '0.5';
for my $speed ('0', '-1', '1e-300', '1e300', '100000', '0.001') {
	my ($st, $text) = try_it('coordinator', 'POST', '/v1/drills',
	    "{\"title\":\"s\",\"plan\":$ENV{PLAN},\"speed\":$speed}");
	next if $st >= 400;
	my $id = $json->decode($text)->{id};
	try_it('coordinator', 'POST', "/v1/drills/$id/start");
	try_it('coordinator', 'POST', "/v1/drills/$id/postpone", "{\"seconds\":$_}") for '-1', '1e15', '86400';
	try_it('coordinator', 'POST', "/v1/drills/$id/inject", "{\"at_s\":$_,\"text\":\"t\"}") for '-1', '1e15', '0';
	try_it('viewer', 'GET', "/v1/drills/$id/report");
	try_it('coordinator', 'POST', "/v1/drills/$id/end");
}
settled('drills hold');

# Cookies: the browser sends them by itself, so a write needs our header.
my @cookie = (cookie => "a=b; shelter_token=$token{coordinator}");
is((try_it('', 'GET', '/v1/me', undef, @cookie))[0], 200, 'a cookie reads');
is((try_it('', 'POST', '/v1/shelters', '{"at":[1,2]}', @cookie))[0], 403, 'but does not write');
is((try_it('', 'POST', '/v1/shelters', '{"at":[1,2]}', @cookie, 'content-type' => 'text/plain'))[0],
    403, 'nor as a form would');
is((try_it('', 'GET', '/v1/me', undef, cookie => "xshelter_token=$token{admin}"))[0], 401, 'by its own name only');

# Header values that would be headers.
my (undef, undef, $headers) = try_it('viewer', 'GET', '/v1/shelters?where=' . encoded("x\r\nSet-Cookie: a=b"));
ok(!exists $headers->{'set-cookie'}, 'a query adds no header');
settled('headers hold');

# What each role may not, it cannot, row by row.
for my $path (sort keys %{ $api->{paths} }) {
	for my $method (sort keys %{ $api->{paths}{$path} }) {
		my $op = $api->{paths}{$path}{$method};
		next if $op->{security};
		my %may = map { $_ => 1 } @{ $op->{'x-roles'} };
		(my $at = $path) =~ s/\{[a-z]+\}/1/g;
		for my $who (grep { !$may{$_} } keys %token) {
			my ($st) = try_it($who, uc $method, $at, $method eq 'get' ? undef : '{}');
			push @bad, "$who $method $at: $st" if $st != 403;
		}
	}
}
settled('every role is held to its rows');
diag("$sent requests");
done_testing();
