test('the first connection passes', () => expect(run({bytes: 'HELO\r\n', rates: {logins: 60}}).decision).is('continue'));
test('without the class nobody comes in', () => expect(run({bytes: 'HELO\r\n'}).decision).is('discard'));
