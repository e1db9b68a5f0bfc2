test('a greeting loses its version', () =>
    expect(run({bytes: '', reply: '220 mail.example.com ESMTP Exim 4.97\r\n', state: 'response', node: '10.0.0.13:25'}).reply)
        .is('220 mail.example.com ready\r\n'));
