// The greeting of a service of lines, which is no HTTP: its version goes, a registry says by which name the service is
// known, and a collector is told of the connection.
const greeting = response.getLine();
if (string.regexmatch(greeting, '^220 ([a-z0-9.]+) ')) {
    const host = $1;
    let name = host;
    const registry = tcp.connect('10.0.0.5', 4000, 1000);
    if (registry) {
        tcp.write(registry, host + '\n');
        name = string.trim(tcp.read(registry, 200, 1000)) || host;
        tcp.close(registry);
    }
    udp.sendTo('10.0.0.6', 5000, request.getRemoteIP() + ' ' + host);
    response.set('220 ' + name + ' ready\r\n');
}
