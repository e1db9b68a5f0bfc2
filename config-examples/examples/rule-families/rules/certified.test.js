test('made-up fields go', () =>
    expect(run({headers: {'X-Client-Subject': 'CN=boss'}}).request.headers['X-Client-Subject']).isMissing());
test('a client without a certificate has no subject', () =>
    expect(run({secure: true}).request.headers['X-Client-Subject']).isMissing());
