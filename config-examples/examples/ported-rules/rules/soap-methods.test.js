const soap = (inner) => ({
    method: 'POST', headers: {'Content-Type': 'text/xml'},
    body: '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>' + inner + '</e:Body></e:Envelope>',
});
const order = (...prices) =>
    soap('<Order xmlns="urn:orders">' + prices.map((p) => '<line price="' + p + '"/>').join('') + '</Order>');

test('searches have their pool', () => expect(run(soap('<Search xmlns="urn:orders"/>')).pool).is('search'));
test('orders have theirs', () => expect(run(order(40, 60)).pool).is('orders'));
test('big orders have reserved machines', () => expect(run(order(40, 60.5)).pool).is('reserved'));
test('the rest shares one', () => expect(run(soap('<Ping xmlns="urn:orders"/>')).pool).is('shared'));
test('what is no SOAP is refused', () => expect(run({method: 'POST', body: '<a/>'}).answer.status).is(400));
test('what is no XML is refused', () => expect(run({method: 'POST', body: '<a'}).answer.status).is(400));
