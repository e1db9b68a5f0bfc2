#!/usr/bin/perl
# Uses the control API as scripts of operators do: SOAP::Lite with a proxy address that holds user and password.
# Prints one line for each step; ends with a status other than 0 when a step does not do what it should.
use strict;
use warnings;
no warnings 'redefine';
use SOAP::Lite;

# Words of an enumeration have types of their own, which SOAP::Lite takes for unknown unless it is told: plain text.
sub SOAP::Deserializer::typecast {
    my ($self, $value, $name, $attributes, $children, $type) = @_;
    return unless defined $type && $type =~ m{^\{http://soap\.zeus\.com/zxtm/};
    return if $children && @$children;
    return $value;
}

my ($base, $user, $password) = @ARGV;
(my $address = "$base/soap") =~ s{://}{://$user:$password@};

sub api {
    my ($path) = @_;
    my $soap = SOAP::Lite->uri("http://soap.zeus.com/zxtm/1.0/$path/")->proxy($address);
    # The certificate of the admin server is its own.
    $soap->transport->proxy->ssl_opts(verify_hostname => 0, SSL_verify_mode => 0);
    $soap->on_fault(
        sub {
            my ($client, $res) = @_;
            die ref $res ? $res : "$res " . $client->transport->status . "\n";
        }
    );
    return $soap;
}

sub expect {
    my ($what, $found, $expected) = @_;
    print "$what: $found\n";
    die "$what: found $found, expected $expected\n" if $found ne $expected;
}

my $pool = api('Pool');
my $server = api('VirtualServer');

expect('pools', join(',', @{$pool->getPoolNames()->result}), 'web');
$pool->addPool(['perl'], [['127.0.0.1:91', '127.0.0.1:92']]);
expect('created', join(',', @{$pool->getNodes(['perl'])->result->[0]}), '127.0.0.1:91,127.0.0.1:92');

$pool->addDrainingNodes(['perl'], [['127.0.0.1:91']]);
expect('drained', join(',', @{$pool->getDrainingNodes(['perl'])->result->[0]}), '127.0.0.1:91');
expect('idle', $pool->getNodesConnectionCounts(['127.0.0.1:91'])->result->[0], '0');
$pool->removeDrainingNodes(['perl'], [['127.0.0.1:91']]);
expect('undrained', scalar @{$pool->getDrainingNodes(['perl'])->result->[0]}, '0');

$pool->setNodesWeightings(['perl'], [[{node => '127.0.0.1:92', weighting => 7}]]);
expect('weight', $pool->getWeightings(['perl'])->result->[0]->[1]->{weighting}, '7');

$server->addVirtualServer(['perl'], [{port => 8191, protocol => 'http', default_pool => 'perl'}]);
expect('server', $server->getBasicInfo(['perl'])->result->[0]->{port}, '8191');
expect('stopped', $server->getEnabled(['perl'])->result->[0], '0');

my $fault = eval { $pool->getNodes(['nope']); '' } // $@;
die "no fault\n" unless ref $fault;
expect('fault', join(',', keys %{$fault->faultdetail}), 'ObjectDoesNotExist');
expect('object', $fault->faultdetail->{ObjectDoesNotExist}->{object}, 'nope');
