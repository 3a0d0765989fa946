#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# usage: bad-requests.pl URL ROUTES-FILE, tokens in TOKEN_<role>
# Reads /openapi.json, which is made from the route table, and checks what the
# daemon says to a bad request of each kind: the status, that the body is a
# problem detail, and that it names what is wrong.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use HTTP::Tiny;
use nodelay;
use JSON::PP;
use Test::More;

my ($url, $routes) = @ARGV;
my $json = JSON::PP->new->utf8->allow_nonref;
my $http = HTTP::Tiny->new(timeout => 30);
my @roles = qw(admin coordinator inspector unit viewer);
my $api = $json->decode($http->get("$url/openapi.json")->{content});
my $checks = 0;

# One request and what must come back. `field`: what the problem must name.
sub refused {
	my ($name, $method, $path, $status, %o) = @_;
	my %headers = %{ $o{headers} // {} };
	$headers{authorization} = "Bearer $o{token}" if $o{token};
	$headers{'content-type'} //= 'application/json' if defined $o{body};
	my %request = (headers => \%headers);
	$request{content} = $o{body} if defined $o{body};
	my $r = $http->request($method, $url . $path, \%request);
	my $problem = eval { $json->decode($r->{content}) } // {};
	my @bad;
	push @bad, "status $r->{status}" if $r->{status} != $status;
	push @bad, 'not a problem detail'
	    unless ($r->{headers}{'content-type'} // '') =~ m{^application/problem\+json}
	    && ($problem->{status} // 0) == $r->{status}
	    && ($problem->{detail} // '') ne '' && ($problem->{type} // '') =~ m{^/problems/};
	push @bad, "type " . ($problem->{type} // '?')
	    if $o{type} && ($problem->{type} // '') ne "/problems/$o{type}";
	push @bad, "field " . ($problem->{field} // 'none')
	    if defined $o{field} && ($problem->{field} // '') !~ /^\Q$o{field}\E/;
	push @bad, 'no byte' if $o{byte} && !defined $problem->{byte};
	push @bad, 'no Allow' if $status == 405 && !$r->{headers}{allow};
	$checks++;
	return if ok(!@bad, "$method $path: $name");
	diag(join(', ', @bad), "; wanted $status; body: ", substr($r->{content}, 0, 300));
}

# A value that fits a schema, as small as it can be.
sub sample {
	my ($s) = @_;
	return sample($s->{oneOf}[0]) if $s->{oneOf};
	return $s->{enum}[0] if $s->{enum};
	my $t = ref $s->{type} ? $s->{type}[0] : $s->{type} // 'string';
	if ($t eq 'object') {
		my %v;
		$v{$_} = sample($s->{properties}{$_}) for @{ $s->{required} // [] };
		return \%v;
	}
	return [ $s->{items} ? sample($s->{items}) : 1 ] if $t eq 'array';
	return JSON::PP::true if $t eq 'boolean';
	return ($s->{minimum} // 1) + 0 if $t eq 'integer' || $t eq 'number';
	return '2026-01-01T00:00:00Z' if ($s->{format} // '') eq 'date-time';
	return 'x';
}

# A value of a type the schema does not allow; undef when anything fits.
sub misfit {
	my ($s) = @_;
	my %t = map { $_ => 1 } ref $s->{type} ? @{ $s->{type} } : ($s->{type} // ());
	return undef unless %t;
	return {} unless $t{object};
	return 'text';
}

sub concrete { # a path whose ids do not exist, or whose noun is a target
	my ($path, $noun) = @_;
	$path =~ s/\{(\w+)\}/defined $noun && $ENV{"TARGET_$noun"} ? $ENV{"TARGET_$noun"} : 999999999/ge;
	return $path;
}

# An update of a version, by If-Match.
sub versioned {
	my ($op) = @_;
	return grep { $_->{name} eq 'If-Match' } @{ $op->{parameters} // [] };
}

sub bodies {
	my ($m, $p, $op, %base) = @_;
	my $schema = $op->{requestBody}{content}{'application/json'}{schema} or do {
		return;
	};
	my $good = sample($schema);
	refused('broken JSON', $m, $p, 400, %base, body => '{"a": tru', type => 'bad-json', byte => 1);
	refused('bad UTF-8', $m, $p, 400, %base, body => "{\"a\":\"\xff\xfe\"}", type => 'bad-utf8');
	refused('not JSON by type', $m, $p, 415, %base, body => $json->encode($good),
	    headers => { %{ $base{headers} // {} }, 'content-type' => 'text/plain' });
	refused('body is no object', $m, $p, 422, %base, body => '[]');
	refused('unknown field', $m, $p, 422, %base, field => 'no_such_field',
	    body => $json->encode({ %$good, no_such_field => 1 }));
	refused('same field twice', $m, $p, 400, %base, type => 'bad-json',
	    body => '{"a":1,"a":2}');
	for my $f (sort keys %{ $schema->{properties} // {} }) {
		my $s = $schema->{properties}{$f};
		my $bad = misfit($s);
		refused("wrong type of $f", $m, $p, 422, %base, field => $f,
		    body => $json->encode({ %$good, $f => $bad })) if defined $bad;
		refused("too long $f", $m, $p, 422, %base, field => $f,
		    body => $json->encode({ %$good, $f => 'x' x ($s->{maxLength} + 1) }))
		    if ($s->{maxLength} // 1e9) < 60000 && !$s->{enum};
		refused("unknown word in $f", $m, $p, 422, %base, field => $f,
		    body => $json->encode({ %$good, $f => 'no-such-word' })) if $s->{enum};
	}
	for my $f (@{ $schema->{required} // [] }) {
		my %without = %$good;
		delete $without{$f};
		refused("missing $f", $m, $p, 422, %base, field => $f,
		    body => $json->encode(\%without));
	}
	my $limit = $op->{requestBody}{'x-max-bytes'} // 65536;
	refused('too large', $m, $p, 413, %base, body => '"' . 'x' x ($limit + 10) . '"')
	    if $limit <= 1 << 20;
}

sub queries {
	my ($m, $p, $op, %base) = @_;
	refused('unknown query parameter', $m, "$p?no_such=1", 400, %base,
	    type => 'bad-query', field => 'no_such');
	for my $q (grep { $_->{in} eq 'query' } @{ $op->{parameters} // [] }) {
		my $t = $q->{schema}{type} // 'string';
		$t = $t->[0] if ref $t;
		refused("query $q->{name} is no $t", $m, "$p?$q->{name}=abc%20", 400, %base,
		    type => 'bad-query', field => $q->{name})
		    if $t =~ /^(integer|number|boolean)$/ || $q->{schema}{enum};
		refused("query $q->{name} is bad UTF-8", $m, "$p?$q->{name}=%ff", 400, %base,
		    type => 'bad-query', field => $q->{name}) if $t eq 'string';
	}
}

sub route {
	my ($path, $m, $op, $all) = @_;
	my ($noun) = $path =~ m{^/v1/(\w+)/\{};
	my $p = concrete($path, versioned($op) ? $noun : undef);
	my %may = map { $_ => 1 } @{ $op->{'x-roles'} // [] };
	my %base;
	if (%may) {
		my ($role) = grep { $may{$_} } @roles;
		$base{token} = $ENV{"TOKEN_$role"};
		refused('no token', $m, $p, 401);
		refused('unknown token', $m, $p, 401, token => 'sk_nobody');
		my ($wrong) = grep { !$may{$_} } @roles;
		refused("wrong role $wrong", $m, $p, 403, token => $ENV{"TOKEN_$wrong"})
		    if $wrong;
	}
	queries($m, $p, $op, %base);
	(my $word = $path) =~ s/\{\w+\}/abc/g;
	my %if_match = versioned($op) ? (headers => { 'if-match' => '"0"' }) : ();
	my $schema = $op->{requestBody}{content}{'application/json'}{schema};
	my @good = $schema ? (body => $json->encode(sample($schema))) : ();
	if ($path =~ /\{id\}/) {
		refused('id is no number', $m, $word, 404, %base, @good, %if_match);
		refused('unknown id', $m, concrete($path), 404, %base, @good, %if_match);
	}
	bodies($m, $p, $op, %base, %if_match);
	return unless versioned($op);
	refused('no If-Match', $m, $p, 428, %base, @good);
	refused('If-Match is no version', $m, $p, 400, %base, @good, type => 'bad-header',
	    headers => { 'if-match' => 'tuesday' });
	refused('stale version', $m, $p, 412, %base, @good, headers => { 'if-match' => '"0"' });
}

my $seen = 0;
for my $path (sort keys %{ $api->{paths} }) {
	my $ops = $api->{paths}{$path};
	my %has = map { uc $_ => 1 } keys %$ops;
	my ($no) = grep { !$has{$_} } qw(PUT DELETE PATCH POST);
	refused("wrong method $no", $no, concrete($path), 405) if $no;
	for my $m (sort keys %$ops) {
		$seen++;
		route($path, uc $m, $ops->{$m}, \%has);
	}
}
refused('unknown path', 'GET', '/v1/nothing', 404, token => $ENV{TOKEN_admin});

open my $fh, '<', $routes or die "$routes: $!";
my $rows = grep { m{^\s*(GET|POST|PATCH|PUT|DELETE)\s} } <$fh>;
is($seen, $rows, "all $rows rows of the table were walked");
cmp_ok($checks, '>', 5 * $seen, "$checks bad requests were refused");
done_testing();
