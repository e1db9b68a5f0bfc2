test('gold is fast', () => expect(run({headers: {Cookie: 'a=b; customer=gold'}}).pool).is('fast'));
test('silver is normal', () => expect(run({headers: {Cookie: 'customer=silver'}}).pool).is('normal'));
test('others stay', () => expect(run({headers: {Cookie: 'customer=golden'}}).pool).is('default'));
