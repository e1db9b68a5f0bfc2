<?php
// Uses the control API as PHP's own client does: rpc/encoded, from the descriptions at /wsdl.
// Prints one line for each step; ends with a status other than 0 when a step does not do what it should.
[, $base, $user, $password] = $argv;

function client(string $interface): SoapClient
{
    global $base, $user, $password;
    $context = stream_context_create([
        // The certificate of the admin server is its own; the description is fetched without signing in.
        'ssl' => ['verify_peer' => false, 'verify_peer_name' => false],
    ]);
    return new SoapClient("$base/wsdl/$interface.wsdl", [
        'login' => $user,
        'password' => $password,
        'stream_context' => $context,
        'cache_wsdl' => WSDL_CACHE_NONE,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        'connection_timeout' => 60,
    ]);
}

function expect(string $what, $found, $expected): void
{
    $text = is_scalar($found) ? var_export($found, true) : json_encode($found);
    echo "$what: $text\n";
    if ($found !== $expected) {
        fwrite(STDERR, "$what: found $text, expected " . json_encode($expected) . "\n");
        exit(1);
    }
}

$pool = client('Pool');
$server = client('VirtualServer');
$action = client('Alerting.Action');

$pool->addPool(['php'], [['127.0.0.1:95', '127.0.0.1:96']]);
expect('created', $pool->getNodes(['php']), [['127.0.0.1:95', '127.0.0.1:96']]);

$pool->addDrainingNodes(['php'], [['127.0.0.1:95']]);
expect('drained', $pool->getDrainingNodes(['php']), [['127.0.0.1:95']]);
expect('idle', $pool->getNodesConnectionCounts(['127.0.0.1:95']), [0]);
$pool->removeDrainingNodes(['php'], [['127.0.0.1:95']]);
expect('undrained', $pool->getDrainingNodes(['php']), [[]]);

$pool->disableNodes(['php'], [['127.0.0.1:96']]);
expect('disabled', $pool->getDisabledNodes(['php']), [['127.0.0.1:96']]);
$pool->enableNodes(['php'], [['127.0.0.1:96']]);

$pool->setNodesWeightings(['php'], [[['node' => '127.0.0.1:96', 'weighting' => 5]]]);
$weights = $pool->getWeightings(['php'])[0];
expect('weights', [$weights[0]->weighting, $weights[1]->weighting], [1, 5]);

$pool->setLoadBalancingAlgorithm(['php'], ['wroundrobin']);
expect('algorithm', $pool->getLoadBalancingAlgorithm(['php']), ['wroundrobin']);
$pool->setPersistence(['php'], ['']);

$info = ['port' => 8195, 'protocol' => 'http', 'default_pool' => 'php'];
$server->addVirtualServer(['php'], [$info]);
$basic = $server->getBasicInfo(['php'])[0];
expect('server', [$basic->port, $basic->protocol, $basic->default_pool], [8195, 'http', 'php']);
expect('stopped', $server->getEnabled(['php']), [false]);

$action->addAction(['php'], ['program']);
expect('action', $action->getActionType(['php']), ['program']);

try {
    $pool->getNodes(['nope']);
    exit(1);
} catch (SoapFault $fault) {
    $detail = (array) $fault->detail;
    expect('fault', array_key_first($detail), 'ObjectDoesNotExist');
    // What has a type of its own comes wrapped.
    $typed = $detail['ObjectDoesNotExist'];
    $typed = $typed instanceof SoapVar ? (object) $typed->enc_value : $typed;
    expect('object', $typed->object, 'nope');
}
try {
    $pool->addNodes(['php', 'nope'], [['127.0.0.1:97'], ['127.0.0.1:98']]);
    exit(1);
} catch (SoapFault $fault) {
    expect('nothing added', $pool->getNodes(['php']), [['127.0.0.1:95', '127.0.0.1:96']]);
}
