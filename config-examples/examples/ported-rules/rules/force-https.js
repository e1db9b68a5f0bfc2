// Sends everybody to https. Does nothing where the client came over TLS, so it cannot go in a circle.
const host = http.getHostHeader() || request.getDestIP();
http.changeSite('https://' + host);
