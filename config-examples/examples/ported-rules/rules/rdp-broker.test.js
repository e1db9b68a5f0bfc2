const opening = (text) => '\x03\x00\x00' + String.fromCharCode(text.length + 11) + '\x00\xe0\x00\x00\x00\x00\x00' + text;

test('a token names the desktop', () => {
    const result = run({bytes: opening('Cookie: msts=2232680714.15629.0000\r\n')});
    expect(result.persistence).is({class: 'desktop', node: '10.1.20.133:3389'});
});

test('a client without a token goes where the balancer sends it', () => {
    expect(run({bytes: opening('Cookie: mstshash=alice\r\n')}).persistence).isMissing();
});
