#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# usage: mixed.pl URL SEED COUNT, tokens in the environment
# One client of many: reads, writes, jobs, streams, tokens and imports as they
# come.  Ends with 0 if every answer was one.
use strict;
use warnings;
use sse;

my ($url, $seed, $count) = @ARGV;
srand $seed;
my ($admin, $office) = @ENV{qw(ADMIN CHEN)};
my @everybody = @ENV{qw(ADMIN CHEN LI JIA KAN)};
my @reads = ('/v1/shelters', '/v1/shelters/near?lon=123.3&lat=29.8', '/v1/coverage?radius=R',
	'/v1/coverage/homes?radius=R', '/v1/explain?lon=123.3&lat=29.8', '/v1/stats',
	'/v1/events?since=0', '/v1/jobs', '/v1/map/homes', '/v1/map/shelters', '/metrics',
	'/healthz', '/openapi.json', '/', '/v1/plans', '/v1/repairs', '/v1/tasks', '/v1/me',
	'/v1/map/tiles/14/13803/6770', '/v1/map/tiles/10/862/423?layers=shelters,streets',
	'/v1/map/tiles/16/55214/27080?layers=shelters,entrances',
	'/v1/coverage/tiles/14/13803/6770?radius=R&layers=coverage,homes,gaps',
	'/v1/coverage/tiles/10/862/423?radius=250&layers=coverage',
	'/v1/coverage/tiles/13/6901/3385?radius=250&capacity=true&layers=homes,gaps');

sub ask { return (sse::call($url, @_))[0] }
sub listen_a_little {
	my $s = sse->open($url, @_) or return 0;
	$s->more(0.05) for 1 .. 1 + int rand 3;
	return $s->{status} // 200;
}

my @doings = (
	([ 12, sub {
		(my $path = $reads[ rand @reads ]) =~ s/R/int(100 + rand 900)/e;
		return ask($everybody[ rand @everybody ], 'GET', $path);
	} ]),
	[ 2, sub { ask($office, 'POST', '/v1/shelters',
		{ name => "z$_[0]", at => [ 123.3 + rand 0.01, 29.8 ], places => 5 }) } ],
	[ 1, sub {
		my ($st, $made) = sse::call($url, $office, 'POST', '/v1/plans', { radius => 100 + int rand 500 });
		return $st if $st != 202;
		ask($office, 'GET', "/v1/jobs/$made->{job}{id}?wait=1") if $_[0] % 2;
		return ask($office, 'DELETE', "/v1/jobs/$made->{job}{id}"); # 409 when it has ended
	} ],
	[ 1, sub { ask($admin, 'POST', '/v1/backup', { name => "b$seed-$_[0].db" }) } ],
	[ 1, sub { listen_a_little(token => $everybody[ rand @everybody ], since => int rand 50) } ],
	[ 1, sub { ask('', 'POST', '/v1/login', { user => "u$_[0]", password => 'xxxxxxxxxx' }) } ],
	[ 1, sub {
		my (undef, $user) = sse::call($url, $admin, 'POST', '/v1/users',
		    { name => "u$seed-$_[0]", role => 'viewer' });
		my (undef, $token) = sse::call($url, $admin, 'POST', "/v1/users/$user->{id}/tokens", { label => 'x' });
		listen_a_little(token => $token->{token});
		return ask($admin, 'DELETE', "/v1/tokens/$token->{id}");
	} ],
	[ 1, sub {
		my ($st, $import) = sse::call($url, $office, 'POST', '/v1/imports',
		    { kind => 'homes', crs => 'wgs84', files => ['t'] });
		return $st if $st != 201;
		ask($office, 'POST', "/v1/imports/$import->{id}/rows", { seq => 0, rows => [ { file => 0,
			line => 1, register_id => "h$seed-$_[0]", people => 5, x => 123.3 + rand 0.01, y => 29.8 } ] });
		return ask($office, 'POST', "/v1/imports/$import->{id}/commit");
	} ],
);
my @wheel = map { my ($n, $do) = @$_; ($do) x $n } @doings;
my %seen;
$seen{ $wheel[ rand @wheel ]->($_) }++ for 1 .. $count;
print "# client $seed: ", join(' ', map { "$_:$seen{$_}" } sort keys %seen), "\n";
delete @seen{qw(200 201 202 204 401 409 429 503)};
exit(%seen ? 1 : 0);
