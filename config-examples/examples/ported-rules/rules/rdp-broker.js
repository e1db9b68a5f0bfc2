// A session broker gives clients a token with the address of their desktop: the address as one number with its bytes
// from back to front, and the port with its two bytes swapped.
const length = string.bytesToInt(string.right(request.get(4), 2));
if (string.regexmatch(request.get(length), 'msts=(\\d+)\\.(\\d+)\\.')) {
    const address = Number($1);
    const port = Number($2);
    const host = [address, address >> 8, address >> 16, address >> 24].map((part) => part & 0xff).join('.');
    connection.setPersistence('desktop');
    connection.setPersistenceNode(host + ':' + ((port & 0xff) * 256 + (port >> 8)));
}
