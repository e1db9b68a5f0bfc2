// Tells the node who asks. Virtual servers whose names end with _S are those with TLS.
const before = http.getHeader('X-Forwarded-For');
http.setHeader('X-Forwarded-For', (before ? before + ', ' : '') + request.getRemoteIP());
http.setHeader('X-Forwarded-Port', request.getDestPort());
http.setHeader('X-Forwarded-Proto', string.endsWith(connection.getVirtualServer(), '_S') ? 'https' : 'http');
