// Where visitors come from is counted and told to the node. Who says to be a known robot has to come from its network: the
// name of the address has to be one of the operator's, and has to lead back to the address.
const address = request.getRemoteIP();
const country = geo.getCountryCode(address) || 'unknown';
counter.increment('visits from ' + country);
http.setHeader('X-Country', country);

if (string.containsI(http.getHeader('User-Agent'), 'examplebot')) {
    const name = net.dns.resolveIP(address);
    if (!string.endsWithI(name, '.bots.example.com') || net.dns.resolveHost(name) !== address) {
        counter64.increment('false robots');
        http.sendResponse('403 Forbidden', 'text/plain', 'You are no robot of theirs.\n');
    }
}
