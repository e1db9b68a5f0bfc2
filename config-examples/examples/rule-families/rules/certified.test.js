test('made-up fields go', () =>
    expect(run({headers: {'X-Client-Subject': 'CN=boss'}}).request.headers['X-Client-Subject']).isMissing());
