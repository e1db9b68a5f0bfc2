test('it goes on', () => expect(run({rates: {spiders: 60}}).decision).is('continue'));
