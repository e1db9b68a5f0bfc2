// Some operations of a SOAP service have machines of their own; big orders have reserved ones.
const soap = 'xmlns:s=http://schemas.xmlsoap.org/soap/envelope/ xmlns:o=urn:orders';
const body = http.getBody();
if (xml.xpath.matchNodeCount(body, soap, '/s:Envelope/s:Body') !== 1) {
    http.sendResponse('400 Bad Request', 'text/plain', 'This is no SOAP.\n');
}
switch (xml.xpath.matchNodeSet(body, soap, 'local-name(/s:Envelope/s:Body/*[1])')) {
    case 'Search':
        pool.use('search');
        break;
    case 'Order': {
        const sum = xml.xpath.matchNodeSet(body, soap, 'sum(//o:line/@price)');
        pool.use(Number(sum) > 100 ? 'reserved' : 'orders');
        break;
    }
    default:
        pool.use('shared');
}
