test('it goes on', () => expect(run().decision).is('continue'));
