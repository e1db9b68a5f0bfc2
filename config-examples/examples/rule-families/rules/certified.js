// What the client's TLS says, for the node; fields that the client made up itself go.
http.removeHeader('X-Client-Cipher');
http.removeHeader('X-Client-Subject');
if (ssl.isSSL()) {
    http.setHeader('X-Client-Cipher', ssl.clientCipher());
    if (ssl.clientCertStatus() === 'OK') {
        http.setHeader('X-Client-Subject', ssl.clientCertSubject());
    }
}
