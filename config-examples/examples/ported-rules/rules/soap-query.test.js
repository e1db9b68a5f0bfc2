const search = (q) => ({
    method: 'POST',
    body: '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        + '<g:doGoogleSearch xmlns:g="urn:GoogleSearch"><q>' + q + '</q></g:doGoogleSearch></s:Body></s:Envelope>',
});

test('popular', () => expect(run(search('Weather in Cambridge')).pool).is('popular'));
test('not popular', () => expect(run(search('weir')).pool).is('default'));
