// Searches for what everybody searches for go to the machines that have it in memory.
const query = xml.xpath.matchNodeSet(
    http.getBody(), 'xmlns:g=urn:GoogleSearch', '//g:doGoogleSearch/q/text()');
if (string.containsI(query, 'weather')) {
    pool.use('popular');
}
