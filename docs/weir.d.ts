// What rules can call; made from the functions that the engine has.

declare const $1: string;
declare const $2: string;
declare const $3: string;
declare const $4: string;
declare const $5: string;
declare const $6: string;
declare const $7: string;
declare const $8: string;
declare const $9: string;

declare namespace array {
    function append(array: any[], more: any): any;
    function contains(array: any[], value: any): any;
    function copy(array: any[]): any;
    function create(size: any, value?: any): any;
    function filter(array: any[], regex: any, flags?: any): any;
    function join(array: any[], separator?: any): any;
    function length(array: any[]): any;
    function pop(array: any[]): any;
    function push(array: any[], value: any): any;
    function resize(array: any[], size: any, value?: any): any;
    function reverse(array: any[]): any;
    function shift(array: any[]): any;
    function sort(array: any[], descending?: any): any;
    function sortNumerical(array: any[], descending?: any): any;
    function splice(array: any[], offset: any, length: any, ...values: any[]): any;
    function unshift(array: any[], value: any): any;
}

declare namespace auth {
    /** Asks an authenticator of the configuration about a user, and whether the password is right: OK is 1 or 0, Error says why not, and the attributes of the user stand beside them. */
    function query(authenticator: string, user: string): Record<string, any>;
    /** Asks an authenticator of the configuration about a user, and whether the password is right: OK is 1 or 0, Error says why not, and the attributes of the user stand beside them. */
    function query(authenticator: string, user: string, password: string): Record<string, any>;
}

declare namespace connection {
    /** Whether the pool has a node with room: 1, or 0 when a request would have to wait for one, -1 when there is no such pool. */
    function checkLimits(): number;
    /** Whether the pool has a node with room: 1, or 0 when a request would have to wait for one, -1 when there is no such pool. */
    function checkLimits(pool: string): number;
    /** Sends data to the client and closes the connection; over HTTP it is cut without the data, which belong to no message there. */
    function close(last: string): void;
    /** Sends data to the client and closes the connection; over HTTP it is cut without the data, which belong to no message there. */
    function close(data: string, read: number): void;
    /** Cuts the connection at once, without an answer. */
    function discard(): void;
    /** Old name of response.getBandwidthClass. */
    function getBandwidthClass(): string;
    /** How the exchange ended: COMPLETE or a word for what went wrong. */
    function getCompletionReasonCode(): string;
    /** How the exchange ended, with what kind of ending that is. */
    function getCompletionReasonInfo(): Record<string, any>;
    /** Old name of request.get. */
    function getData(): string;
    /** Old name of request.get. */
    function getData(count: number): string;
    /** Old name of request.getLength. */
    function getDataLen(): number;
    /** Old name of request.getLine. */
    function getLine(): string;
    /** Old name of request.getLine. */
    function getLine(regex: string, offset: number): string;
    /** Old name of request.getLocalIP. */
    function getLocalIP(): string;
    /** Old name of request.getLocalPort. */
    function getLocalPort(): number;
    /** Bytes of bodies and data that are held for the connection at the moment. */
    function getMemoryUsage(): number;
    /** The node chosen last, host:port; empty before one was. */
    function getNode(): string;
    /** The persistence class in force; empty without one. */
    function getPersistence(): string;
    /** The pool that the request goes to. */
    function getPool(): string;
    /** Old name of request.getRemoteIP. */
    function getRemoteIP(): string;
    /** Old name of request.getRemotePort. */
    function getRemotePort(): number;
    /** The service level class of the request; empty without one. */
    function getServiceLevelClass(): string;
    /** The virtual server. */
    function getVirtualServer(): string;
    /** Old name of response.setBandwidthClass. */
    function setBandwidthClass(name: string): number;
    /** Old name of request.set. */
    function setData(bytes: string): void;
    /** Old name of request.setIdempotent. */
    function setIdempotent(idempotent: number): void;
    /** Puts a persistence class in the place of the pool's, or none; 0 when there is no class of that name. */
    function setPersistence(): number;
    /** Puts a persistence class in the place of the pool's, or none; 0 when there is no class of that name. */
    function setPersistence(name: string): number;
    /** Older name of connection.setPersistence. */
    function setPersistenceClass(name: string): number;
    /** The key by which a universal class knows the session; for a named class, the node. */
    function setPersistenceKey(key: string): void;
    /** The node, host or host:port, that a named class sends the session to. */
    function setPersistenceNode(node: string): void;
    /** Counts the request with another service level class, or with none; 0 when there is no class of that name. */
    function setServiceLevelClass(name: string): number;
    /** Waits that many milliseconds. */
    function sleep(milliseconds: any): void;
}

declare namespace connection.data {
    /** What was stored; empty if nothing was. */
    function get(key: string): string;
    /** Stores a text for later requests on this connection, and for response rules. */
    function set(key: string, value: string): void;
}

declare namespace counter {
    /** Adds to the counter with this number or name. */
    function increment(number: any): void;
    /** Adds to the counter with this number or name. */
    function increment(number: any, by: number): void;
}

declare namespace counter64 {
    /** Adds to the counter with this number or name. */
    function increment(number: any): void;
    /** Adds to the counter with this number or name. */
    function increment(number: any, by: number): void;
}

declare namespace data {
    /** What was stored under key, by any rule; empty if nothing was. */
    function get(key: string): any;
    /** Bytes that are free. */
    function getMemoryFree(): number;
    /** Bytes in use. */
    function getMemoryUsage(): number;
    /** Forgets what was stored under key. */
    function remove(key: string): void;
    /** Forgets everything whose key begins with prefix. */
    function reset(): void;
    /** Forgets everything whose key begins with prefix. */
    function reset(prefix: string): void;
    /** Stores a value for all rules; a full store raises an event and keeps what it has. */
    function set(key: string, value: any): void;
}

declare namespace data.local {
    /** What was stored under key, by any rule; empty if nothing was. */
    function get(key: string): any;
    /** Bytes that are free. */
    function getMemoryFree(): number;
    /** Bytes in use. */
    function getMemoryUsage(): number;
    /** Forgets what was stored under key. */
    function remove(key: string): void;
    /** Forgets everything whose key begins with prefix. */
    function reset(): void;
    /** Forgets everything whose key begins with prefix. */
    function reset(prefix: string): void;
    /** Stores a value for all rules; a full store raises an event and keeps what it has. */
    function set(key: string, value: any): void;
}

declare namespace event {
    /** Raises the custom event called name. */
    function emit(name: string, message: string): void;
}

declare namespace geo {
    /** The city where an address is; empty if that is not known. */
    function getCity(ip: string): string;
    /** The country where an address is; empty if that is not known. */
    function getCountry(ip: string): string;
    /** The two letters of the country where an address is; empty if not known. */
    function getCountryCode(ip: string): string;
    /** How far apart two points are, in km along the surface. */
    function getDistanceKM(latitude1: number, longitude1: number, latitude2: number, longitude2: number): number;
    /** How far apart two points are, in miles along the surface. */
    function getDistanceMiles(latitude1: number, longitude1: number, latitude2: number, longitude2: number): number;
    /** How far apart two addresses are, in km; NaN if that is not known. */
    function getIPDistanceKM(ip1: string, ip2: string): number;
    /** How far apart two addresses are, in miles; NaN if that is not known. */
    function getIPDistanceMiles(ip1: string, ip2: string): number;
    /** The latitude of an address in degrees; NaN if it is not known. */
    function getLatitude(ip: string): number;
    /** The longitude of an address in degrees; NaN if it is not known. */
    function getLongitude(ip: string): number;
    /** The region, state or county where an address is; empty if not known. */
    function getRegion(ip: string): string;
    /** The code of the region where an address is; empty if not known. */
    function getRegionCode(ip: string): string;
}

declare namespace hash {
    function contains(hash: Record<string, any>, key: any): any;
    function count(hash: Record<string, any>): any;
    function delete_(hash: Record<string, any>, key: any): any;
    export { delete_ as delete };
    function empty(hash: Record<string, any>): any;
    function keys(hash: Record<string, any>): any;
    function values(hash: Record<string, any>): any;
}

declare namespace http {
    /** Adds a header field behind those of its name. */
    function addHeader(name: string, value: string): void;
    /** Adds a header field to the response. */
    function addResponseHeader(name: string, value: string): void;
    /** Sends the client to the same page of another site (301); does nothing when it is there already. The name may have a scheme in front and a path prefix behind. */
    function changeSite(site: string): void;
    /** Old name of http.getCookie. */
    function cookie(name: string): string;
    /** Whether there is a parameter. */
    function doesFormParamExist(name: string): number;
    /** The body of the request, or its first count bytes; 0 for all. Waits for it. A body that is longer than body-limit aborts the rule. */
    function getBody(): string;
    /** The body of the request, or its first count bytes; 0 for all. Waits for it. A body that is longer than body-limit aborts the rule. */
    function getBody(count: number): string;
    /** The lines of the body, at most count of them; 0 for all. */
    function getBodyLines(): string[];
    /** The lines of the body, at most count of them; 0 for all. */
    function getBodyLines(count: number): string[];
    /** The value of a cookie of the request; empty without one. */
    function getCookie(name: string): string;
    /** All cookies of the request: value by name. */
    function getCookies(): Record<string, string>;
    /** A parameter of the query string or of a form in the body; several values are joined by separator. */
    function getFormParam(name: string): string;
    /** A parameter of the query string or of a form in the body; several values are joined by separator. */
    function getFormParam(name: string, separator: string): string;
    /** Old name of http.listFormParamNames: joined by blanks. */
    function getFormParamNames(): string;
    /** All parameters: value, or list of values, by name. */
    function getFormParams(): Record<string, any>;
    /** The value of a header field, all values joined by commas; empty without one. */
    function getHeader(name: string): string;
    /** Old name of http.listHeaderNames: the names, joined by blanks. */
    function getHeaderNames(): string;
    /** All header fields: value by name. */
    function getHeaders(): Record<string, any>;
    /** The host that the client asks for: lower case, no port, no dot at the end. */
    function getHostHeader(): string;
    /** The method of the request. */
    function getMethod(): string;
    /** A part of a multipart body, counted from 0; $1 becomes its type, $2 its header fields. */
    function getMultipartAttachment(index: number): string;
    /** The path without escapes, without host and query; a bad escape has _ for %. */
    function getPath(): string;
    /** The query string without escapes. */
    function getQueryString(): string;
    /** The query string as it stands in the request. */
    function getRawQueryString(): string;
    /** The request target exactly as it came. */
    function getRawURL(): string;
    /** Request line and header fields as they stand now. */
    function getRequest(): string;
    /** Status line and header fields of the response. */
    function getResponse(): string;
    /** The body of the response without transfer and content encoding, or its first count bytes; 0 for all. Waits for it. A body that is longer than body-limit aborts the rule. */
    function getResponseBody(): string;
    /** The body of the response without transfer and content encoding, or its first count bytes; 0 for all. Waits for it. A body that is longer than body-limit aborts the rule. */
    function getResponseBody(count: number): string;
    /** The lines of the response's body, at most count; 0 for all. */
    function getResponseBodyLines(): string[];
    /** The lines of the response's body, at most count; 0 for all. */
    function getResponseBodyLines(count: number): string[];
    /** The status code; 0 before there is a response. */
    function getResponseCode(): number;
    /** The value that the response gives to a cookie; empty if it does not. */
    function getResponseCookie(name: string): string;
    /** All cookies that the response sets: value by name. */
    function getResponseCookies(): Record<string, string>;
    /** The value of a header field of the response; empty without one. */
    function getResponseHeader(name: string): string;
    /** Old name of http.listResponseHeaderNames: the names, joined by blanks. */
    function getResponseHeaderNames(): string;
    /** All header fields of the response: value by name. */
    function getResponseHeaders(): Record<string, any>;
    /** The version of HTTP that the node speaks. */
    function getResponseVersion(): string;
    /** The version of HTTP that the client speaks: HTTP/1.1. */
    function getVersion(): string;
    /** Whether the request has a header field. */
    function headerExists(name: string): number;
    /** The names of all parameters. */
    function listFormParamNames(): string[];
    /** The names of the header fields, each once. */
    function listHeaderNames(): string[];
    /** The names of the header fields of the response, each once. */
    function listResponseHeaderNames(): string[];
    /** The path without //, /./ and /a/../; empty if it leaves the root or has a NUL. */
    function normalizePath(path: string): string;
    /** Sends the client to another URL (302) and ends the rules of the list. */
    function redirect(url: string): void;
    /** Removes a cookie of the request. */
    function removeCookie(name: string): void;
    /** Removes a header field. */
    function removeHeader(name: string): void;
    /** Takes out of the response what sets a cookie. */
    function removeResponseCookie(name: string): void;
    /** Removes a header field of the response. */
    function removeResponseHeader(name: string): void;
    /** Whether the response has a header field. */
    function responseHeaderExists(name: string): number;
    /** Removes every header field of the request but those named, and those it needs. */
    function scrubRequestHeaders(...names: string[]): void;
    /** Removes every header field of the response but those named, and those it needs. */
    function scrubResponseHeaders(...names: string[]): void;
    /** Answers the request and ends the rules of the list. The status may have a phrase ("404 Not Found"); fields are lines "Name: value" joined by \r\n. Response rules run on the answer. */
    function sendResponse(status: any, contentType: string, body: string): void;
    /** Answers the request and ends the rules of the list. The status may have a phrase ("404 Not Found"); fields are lines "Name: value" joined by \r\n. Response rules run on the answer. */
    function sendResponse(status: any, contentType: string, body: string, fields: string): void;
    /** Replaces the body of the request; its length follows. */
    function setBody(body: string): void;
    /** Sets a cookie of the request. */
    function setCookie(name: string, value: string): void;
    /** Like http.setPath for a path that has its escapes already. */
    function setEscapedPath(path: string): void;
    /** Makes value the only one of a header field. */
    function setHeader(name: string, value: string): void;
    /** Says whether the request may be sent to a node again, whatever its method. */
    function setIdempotent(idempotent: number): void;
    /** Sets the method of the request. */
    function setMethod(method: string): void;
    /** Replaces the path, which is escaped as needed; a ? in it begins a new query. */
    function setPath(path: string): void;
    /** Replaces the query string, which is escaped as needed. */
    function setQueryString(query: string): void;
    /** Replaces the path as it is. */
    function setRawPath(path: string): void;
    /** Replaces the query string as it is. */
    function setRawQueryString(query: string): void;
    /** Replaces the body of the response; its length follows. */
    function setResponseBody(body: string): void;
    /** Replaces the body of the response; its length follows. */
    function setResponseBody(body: string, transferEncoding: string): void;
    /** Sets the status code and its phrase. */
    function setResponseCode(code: number): void;
    /** Sets the status code and its phrase. */
    function setResponseCode(code: number, reason: string): void;
    /** Has the response set a cookie, with attributes such as "path=/; secure"; in a request rule the response that is still to come, whoever makes it. */
    function setResponseCookie(name: string, value: string): void;
    /** Has the response set a cookie, with attributes such as "path=/; secure"; in a request rule the response that is still to come, whoever makes it. */
    function setResponseCookie(name: string, value: string, attributes: string): void;
    /** Makes value the only one of a header field of the response. */
    function setResponseHeader(name: string, value: string): void;
}

declare namespace http.cache {
    /** Keeps request and answer away from the cache. */
    function disable(): void;
    /** Lets the answer be stored and answered out of the store although rules have changed the request, as far as the cache of the virtual server takes it. */
    function enable(): void;
    /** Whether the cache could answer the request as it is now, of that pool. */
    function exists(): number;
    /** Whether the cache could answer the request as it is now, of that pool. */
    function exists(pool: string): number;
    /** Ends the rules of the list when the cache can answer, which it does then; 0 when it cannot. In request rules. */
    function respondIfCached(): number;
    /** Ends the rules of the list when the cache can answer, which it does then; 0 when it cannot. In request rules. */
    function respondIfCached(pool: string): number;
    /** Adds a text to what the cache tells answers apart by, for answers that depend on more than the request shows. */
    function setkey(key: string): void;
}

declare namespace http.compress {
    /** Leaves the answer uncompressed. */
    function disable(): void;
    /** Compresses the answer, whatever its type and length, if the client takes it. */
    function enable(): void;
}

declare namespace http.request {
    /** DELETEs a URL. */
    function delete_(url: string): string;
    /** DELETEs a URL. */
    function delete_(url: string, fields: string, seconds: number): string;
    export { delete_ as delete };
    /** GETs a URL, with header lines and a limit in seconds. */
    function get(url: string): string;
    /** GETs a URL, with header lines and a limit in seconds. */
    function get(url: string, fields: string): string;
    /** GETs a URL, with header lines and a limit in seconds. */
    function get(url: string, fields: string, seconds: number): string;
    /** Asks for the head of what a URL would answer. */
    function head(url: string): string;
    /** Asks for the head of what a URL would answer. */
    function head(url: string, fields: string, seconds: number): string;
    /** POSTs data to a URL. */
    function post(url: string, data: string): string;
    /** POSTs data to a URL. */
    function post(url: string, data: string, fields: string): string;
    /** POSTs data to a URL. */
    function post(url: string, data: string, fields: string, seconds: number): string;
    /** PUTs data to a URL. */
    function put(url: string, data: string): string;
    /** PUTs data to a URL. */
    function put(url: string, data: string, fields: string, seconds: number): string;
}

declare namespace http.request.ssl {
    /** GETs an https URL whose server has a certificate of one of the authorities, which are PEM; of those of the system if they are left out. */
    function get(url: string): string;
    /** GETs an https URL whose server has a certificate of one of the authorities, which are PEM; of those of the system if they are left out. */
    function get(url: string, authorities: string): string;
    /** GETs an https URL whose server has a certificate of one of the authorities, which are PEM; of those of the system if they are left out. */
    function get(url: string, authorities: string, fields: string, seconds: number): string;
}

declare namespace http.stream {
    /** Sends a piece; what is left of the node's body follows as it is, and the answer is complete then. */
    function continueFromBackend(): void;
    /** Sends a piece; what is left of the node's body follows as it is, and the answer is complete then. */
    function continueFromBackend(data: string): void;
    /** Sends the last piece, and the answer is complete. */
    function finishResponse(): void;
    /** Sends the last piece, and the answer is complete. */
    function finishResponse(data: string): void;
    /** What has come of the node's body, at most count bytes, up to the last delimiter in it and with it; empty at the end. Waits for some. */
    function readBulkResponse(count: number): string;
    /** What has come of the node's body, at most count bytes, up to the last delimiter in it and with it; empty at the end. Waits for some. */
    function readBulkResponse(count: number, delimiter: string): string;
    /** The next count bytes of the node's body, decoded, or those up to the first delimiter and with it; less at the end, where it is empty. Waits for them. */
    function readResponse(count: number): string;
    /** The next count bytes of the node's body, decoded, or those up to the first delimiter and with it; less at the end, where it is empty. Waits for them. */
    function readResponse(count: number, delimiter: string): string;
    /** Begins to answer piece by piece, instead of the rules that follow. Without a length that is above 0 the body is sent in chunks. In response rules the fields of the node's answer stay; fields are lines "Name: value" that take their places. */
    function startResponse(status: any, contentType: string): void;
    /** Begins to answer piece by piece, instead of the rules that follow. Without a length that is above 0 the body is sent in chunks. In response rules the fields of the node's answer stay; fields are lines "Name: value" that take their places. */
    function startResponse(status: any, contentType: string, length: any): void;
    /** Begins to answer piece by piece, instead of the rules that follow. Without a length that is above 0 the body is sent in chunks. In response rules the fields of the node's answer stay; fields are lines "Name: value" that take their places. */
    function startResponse(status: any, contentType: string, length: any, fields: string): void;
    /** Sends the next piece of the body; waits while the client takes no more. */
    function writeResponse(data: string): void;
}

declare namespace json {
    /** The list or hash that a JSON text stands for; null if it is none. A number that is too long becomes the nearest one. */
    function deserialize(text: string): any;
    /** The value as JSON. */
    function serialize(value: any): string;
    /** 1 when the text is valid by the JSON Schema that is a file of the directory resources, 0 when not, and $1 says what is wrong; -1 if it is no JSON. */
    function validate(schema: string, text: string): number;
}

declare namespace lang {
    function assert(condition: any, message: any): any;
    function chr(number: any): any;
    function dump(value: any): any;
    function isarray(value: any): any;
    function ishash(value: any): any;
    function max(value: any, ...more: any[]): any;
    function min(value: any, ...more: any[]): any;
    function ord(text: any): any;
    function toArray(...values: any[]): any;
    function toDouble(value: any): any;
    function toHash(...pairs: any[]): any;
    function toInt(value: any): any;
    function toString(value: any): any;
    function tochar(number: any): any;
    function warn(message: any): any;
}

declare namespace log {
    /** Writes a line of severity SERIOUS. */
    function error(message: string): void;
    /** Writes a line of severity INFO. */
    function info(message: string): void;
    /** Writes a line of severity WARN. */
    function warn(message: string): void;
}

declare namespace math {
    function acos(x: any): any;
    function asin(x: any): any;
    function atan(x: any): any;
    function ceil(x: any): any;
    function cos(x: any): any;
    function exp(x: any): any;
    function fabs(x: any): any;
    function floor(x: any): any;
    function ln(x: any): any;
    function log(x: any): any;
    function pow(x: any, y: any): any;
    function random(limit: any): any;
    function rint(x: any): any;
    function sin(x: any): any;
    function sqrt(x: any): any;
    function tan(x: any): any;
}

declare namespace net.dns {
    /** The IPv4 address of a name. */
    function resolveHost(name: string): string;
    /** The IPv6 address of a name. */
    function resolveHost6(name: string): string;
    /** The name of an address. */
    function resolveIP(address: string): string;
}

declare namespace pool {
    /** How many nodes of the pool are in use. */
    function activenodes(pool: string): number;
    /** ACTIVE, DRAINING, DISABLED, DEAD, NOTINPOOL or NOSUCHPOOL. */
    function checknode(pool: string, host: string, port: any): string;
    /** How many nodes of the pool are disabled. */
    function disablednodes(pool: string): number;
    /** How many nodes of the pool are draining. */
    function drainingnodes(pool: string): number;
    /** How many nodes of the pool have failed. */
    function failednodes(pool: string): number;
    /** The nodes of the pool that are in use. */
    function listactivenodes(pool: string): string[];
    /** All nodes of the pool. */
    function listallnodes(pool: string): string[];
    /** The nodes of the pool that are disabled. */
    function listdisablednodes(pool: string): string[];
    /** The nodes of the pool that are draining. */
    function listdrainingnodes(pool: string): string[];
    /** The nodes of the pool that have failed. */
    function listfailednodes(pool: string): string[];
    /** Sends the request to a pool; the rules go on. The pool discard cuts the connection. Host and port as for pool.use. */
    function select(name: string): void;
    /** Sends the request to a pool; the rules go on. The pool discard cuts the connection. Host and port as for pool.use. */
    function select(name: string, host: string, port: number): void;
    /** Sends the request to a pool and ends the rules of the list. With host and port to that node of it and no other; or, with the settings of the pool, to an address that is no node of it and lies within egress. */
    function use(name: string): void;
    /** Sends the request to a pool and ends the rules of the list. With host and port to that node of it and no other; or, with the settings of the pool, to an address that is no node of it and lies within egress. */
    function use(name: string, host: string, port: number): void;
}

declare namespace rate {
    /** How many wait for their turn in a rate class, or in one of its contexts. */
    function getbacklog(name: string): number;
    /** How many wait for their turn in a rate class, or in one of its contexts. */
    function getbacklog(name: string, context: string): number;
    /** Waits for the exchange's turn in a rate class, where each context has a rate of its own; 0 when there is no such class. When the queue is full, or the wait would be too long, the request is refused: with 429 in a context, else with 503. */
    function use(name: string): number;
    /** Waits for the exchange's turn in a rate class, where each context has a rate of its own; 0 when there is no such class. When the queue is full, or the wait would be too long, the request is refused: with 429 in a context, else with 503. */
    function use(name: string, context: string): number;
}

declare namespace rate.use {
    /** Whether the exchange may go on at once: 1, or 0 when the rate is used up, -1 when there is no such class. */
    function noQueue(name: string): number;
    /** Whether the exchange may go on at once: 1, or 0 when the rate is used up, -1 when there is no such class. */
    function noQueue(name: string, context: string): number;
}

declare namespace recentconns {
    /** Keeps the exchange from being kept to be explained, whatever becomes of it. */
    function exclude(): void;
    /** Puts the exchange among those that are kept to be explained. */
    function include(): void;
    /** Whether a rule has put the exchange among those that are kept. */
    function markedForInclusion(): number;
}

declare namespace request {
    /** Leaves out a node, host or host:port, as long as there is another one for the request. */
    function avoidNode(node: string): void;
    /** The body of the request, decoded, as a Uint8Array. Waits for it. */
    function bytes(): Uint8Array;
    /** Says that the request ends behind offset bytes, waits for them and returns them. What follows goes on when the node has answered. */
    function endsAt(offset: number): string;
    /** Says that the request ends behind the first match of regex, waits for it and returns the request. */
    function endsWith(regex: string): string;
    /** The first count bytes that the client has sent, which stay where they are; waits for them. Without count what has come, over HTTP the body. */
    function get(): string;
    /** The first count bytes that the client has sent, which stay where they are; waits for them. Without count what has come, over HTTP the body. */
    function get(count: number): string;
    /** The bandwidth class that a rule has set towards the node; empty if none has. */
    function getBandwidthClass(): string;
    /** The code point that a rule has set towards the node. */
    function getDSCP(): number;
    /** The address that the client connected to. */
    function getDestIP(): string;
    /** The port that the client connected to. */
    function getDestPort(): number;
    /** How many bytes the client has sent; over HTTP the length of the whole body. */
    function getLength(): number;
    /** What the client has sent from offset to the end of the first match of regex, which is a line end if it is left out; waits for it. $1 becomes the offset behind it. */
    function getLine(): string;
    /** What the client has sent from offset to the end of the first match of regex, which is a line end if it is left out; waits for it. $1 becomes the offset behind it. */
    function getLine(regex: string): string;
    /** What the client has sent from offset to the end of the first match of regex, which is a line end if it is left out; waits for it. $1 becomes the offset behind it. */
    function getLine(regex: string, offset: number): string;
    /** The address that the client connected to. */
    function getLocalIP(): string;
    /** The port that the client connected to. */
    function getLocalPort(): number;
    /** Old name of requestlog.markedForInclusion. */
    function getLogEnabled(): number;
    /** How many seconds the exchange may take; 0 for any time. */
    function getMaxTransactionDuration(): number;
    /** What the request is to a pool that is overloaded: low, normal or high. */
    function getPriority(): string;
    /** The client's address. */
    function getRemoteIP(): string;
    /** The client's port. */
    function getRemotePort(): number;
    /** How often the request has been sent to another node. */
    function getRetries(): number;
    /** Old form of request.getDSCP: LOWDELAY, THROUGHPUT, RELIABILITY or NONE. */
    function getToS(): string;
    /** Whether the request may be sent to a node again. */
    function isResendable(): number;
    /** Sends the request to another node; 0 when that cannot be. In response rules. */
    function retry(): number;
    /** Answers the client with these bytes when the rules of the list are over, and drops what it sent. For services that are not HTTP. */
    function sendResponse(data: string): void;
    /** Puts other bytes in the place of what the client has sent. */
    function set(data: string): void;
    /** Lets what the node is sent share a bandwidth class until the exchange is over; 0 when there is no such class. Without effect where a connection is shared (HTTP/2). */
    function setBandwidthClass(name: string): number;
    /** Replaces the body of the request by a Uint8Array; its length follows. */
    function setBytes(bytes: string): void;
    /** Marks what the node is sent with a code point from 0 to 63 (RFC 2474). */
    function setDSCP(codePoint: number): void;
    /** Says whether the request may be sent to a node again. */
    function setIdempotent(idempotent: number): void;
    /** Old form of requestlog.include and requestlog.exclude. */
    function setLogEnabled(enabled: number): void;
    /** How many different nodes the request may try; 0 for all. */
    function setMaxConnectionAttempts(most: number): void;
    /** How many seconds a node may take to the start of its answer; 0 for any time. */
    function setMaxReplyTime(seconds: any): void;
    /** How many nodes may run into the reply time; 0 for all. */
    function setMaxTimedOutConnectionAttempts(most: number): void;
    /** How many seconds the exchange may take, counted from its begin; 0 for any time. */
    function setMaxTransactionDuration(seconds: any): void;
    /** Says which requests an overloaded pool refuses first: low, normal or high; 0 when it is another word. In request rules. */
    function setPriority(priority: string): number;
    /** Takes another address for the client's: for rules, sessions by address, the hash of balancers, the access log, and X-Cluster-Client-Ip if the request has it. */
    function setRemoteIP(ip: string): void;
    /** Replaces the body of the request by a text, which is sent as UTF-8. */
    function setText(text: string): void;
    /** Old form of request.setDSCP. */
    function setToS(type: string): void;
    /** How many seconds the client's connection may be still during the exchange; 0 for any time. */
    function setVirtualServerTimeout(seconds: any): void;
    /** Takes the first count bytes out of what the client has sent. */
    function skip(count: number): void;
    /** The body of the request, decoded, as characters in UTF-8. Waits for it. */
    function text(): string;
}

declare namespace request.headers {
    /** Adds a header field behind those of its name. */
    function append(name: string, value: string): void;
    /** Removes the header fields of that name. */
    function delete_(name: string): void;
    export { delete_ as delete };
    /** Names with their values, as pairs. for (const [name, value] of …) has them too. */
    function entries(): string[][];
    /** The value of a header field; null without one. */
    function get(name: string): string | null;
    /** Whether there is a header field of that name. */
    function has(name: string): boolean;
    /** The names, each once. */
    function keys(): string[];
    /** Makes value the only one of a header field. */
    function set(name: string, value: string): void;
    /** The values, in the order of the names. */
    function values(): string[];
}

declare namespace requestlog {
    /** Keeps the exchange out of the access log. */
    function exclude(): void;
    /** Gives the exchange a line in the access log, where there is one. */
    function include(): void;
    /** Whether the exchange gets a line in the access log. */
    function markedForInclusion(): number;
}

declare namespace resource {
    /** Whether there is a file of that name in the directory resources. */
    function exists(name: string): number;
    /** The bytes of a file in the directory resources; empty if there is none. */
    function get(name: string): string;
    /** The lines of a file in the directory resources. */
    function getLines(name: string): string[];
    /** The MD5 digest of a file, 16 bytes; empty if there is none. */
    function getMD5(name: string): string;
    /** When a file was written last, in seconds since 1970; 0 if there is no such file. */
    function getMTime(name: string): number;
}

declare namespace response {
    /** Adds to the end of what the node has sent. */
    function append(more: string): void;
    /** The body of the response, decoded, as a Uint8Array. Waits for it. */
    function bytes(): Uint8Array;
    /** Closes the connection to the node; the client gets what the node has sent, and its connection is closed. For services that are not HTTP. */
    function close(): void;
    /** Lets the client have the first count bytes that the node has sent, or all of them, while the rule goes on. For TCP services. */
    function flush(): void;
    /** Lets the client have the first count bytes that the node has sent, or all of them, while the rule goes on. For TCP services. */
    function flush(count: number): void;
    /** The first count bytes that the node has sent; waits for them. Without count what has come, over HTTP the body. */
    function get(): string;
    /** The first count bytes that the node has sent; waits for them. Without count what has come, over HTTP the body. */
    function get(count: number): string;
    /** The bandwidth class that a rule has set towards the client; empty if none has. */
    function getBandwidthClass(): string;
    /** The code point that a rule has set towards the client. */
    function getDSCP(): number;
    /** How many bytes the node has sent; over HTTP the length of the whole body. */
    function getLength(): number;
    /** Like request.getLine, in what the node has sent. */
    function getLine(): string;
    /** Like request.getLine, in what the node has sent. */
    function getLine(regex: string): string;
    /** Like request.getLine, in what the node has sent. */
    function getLine(regex: string, offset: number): string;
    /** Our address of the connection to the node; empty without one. */
    function getLocalIP(): string;
    /** Our port of the connection to the node; 0 without one. */
    function getLocalPort(): number;
    /** The node's address. */
    function getRemoteIP(): string;
    /** The node's port. */
    function getRemotePort(): number;
    /** Old form of response.getDSCP: LOWDELAY, THROUGHPUT, RELIABILITY or NONE. */
    function getToS(): string;
    /** Puts other bytes in the place of what the node has sent. */
    function set(data: string): void;
    /** Lets what the client is sent share a bandwidth class until the exchange is over; 0 when there is no such class. Without effect where a connection is shared (HTTP/2). */
    function setBandwidthClass(name: string): number;
    /** Replaces the body of the response by a Uint8Array; its length follows. */
    function setBytes(bytes: string): void;
    /** Marks what the client is sent with a code point from 0 to 63 (RFC 2474). */
    function setDSCP(codePoint: number): void;
    /** Replaces the body of the response by a text, which is sent as UTF-8. */
    function setText(text: string): void;
    /** Old form of response.setDSCP. */
    function setToS(type: string): void;
    /** The body of the response, decoded, as characters in UTF-8. Waits for it. */
    function text(): string;
}

declare namespace response.headers {
    /** Adds a header field behind those of its name. */
    function append(name: string, value: string): void;
    /** Removes the header fields of that name. */
    function delete_(name: string): void;
    export { delete_ as delete };
    /** Names with their values, as pairs. for (const [name, value] of …) has them too. */
    function entries(): string[][];
    /** The value of a header field; null without one. */
    function get(name: string): string | null;
    /** Whether there is a header field of that name. */
    function has(name: string): boolean;
    /** The names, each once. */
    function keys(): string[];
    /** Makes value the only one of a header field. */
    function set(name: string, value: string): void;
    /** The values, in the order of the names. */
    function values(): string[];
}

declare namespace rule {
    /** The name of the rule that runs. */
    function getName(): string;
    /** REQUEST, RESPONSE or COMPLETION. */
    function getState(): string;
}

declare namespace slm {
    /** How many per cent of the answers of the last ten seconds began in time; 100 when there were none, or there is no such class. */
    function conforming(): number;
    /** How many per cent of the answers of the last ten seconds began in time; 100 when there were none, or there is no such class. */
    function conforming(name: string): number;
    /** Whether no fewer answers than the serious threshold asks for began in time. */
    function isOK(): number;
    /** Whether no fewer answers than the serious threshold asks for began in time. */
    function isOK(name: string): number;
    /** The serious threshold, in per cent. */
    function threshold(): number;
    /** The serious threshold, in per cent. */
    function threshold(name: string): number;
}

declare namespace ssl {
    /** The client's certificate as PEM. */
    function clientCert(): string;
    /** The algorithm of the certificate's signature. */
    function clientCertAlgorithm(): string;
    /** The client's certificates as PEM, its own first. */
    function clientCertChain(): string;
    /** The common name of the certificate's subject. */
    function clientCertCommonName(): string;
    /** When the certificate expires. */
    function clientCertEndDate(): string;
    /** The MD5 digest of the certificate, in hexadecimal. Not safe against forgery. */
    function clientCertHash(): string;
    /** Who issued the certificate. */
    function clientCertIssuer(): string;
    /** The public key of the certificate, its bytes in hexadecimal. */
    function clientCertPublicKey(): string;
    /** The SHA-1 digest of the certificate, in hexadecimal. Not safe against forgery. */
    function clientCertSHA1(): string;
    /** The serial number of the certificate, in hexadecimal. */
    function clientCertSerial(): string;
    /** The serial number of the certificate, in decimal. */
    function clientCertSerialDec(): string;
    /** When the certificate begins to be valid. */
    function clientCertStartDate(): string;
    /** OK when the client showed a certificate, which has been checked then; else NoClientCert. */
    function clientCertStatus(): string;
    /** Whose certificate it is. */
    function clientCertSubject(): string;
    /** The version of the certificate, from 1. */
    function clientCertVersion(): string;
    /** The cipher suite and the version of TLS. */
    function clientCipher(): string;
    /** The host that the client asked for in the handshake. */
    function getTLSServerName(): string;
    /** Whether the client came over TLS. */
    function isSSL(): number;
    /** The certificate that the client was shown, as PEM. */
    function serverCert(): string;
    /** The algorithm of the signature of the certificate that the client was shown. */
    function serverCertAlgorithm(): string;
    /** The common name of the subject of the certificate that the client was shown. */
    function serverCertCommonName(): string;
    /** When the certificate that the client was shown expires. */
    function serverCertEndDate(): string;
    /** The MD5 digest of the certificate that the client was shown, in hexadecimal. */
    function serverCertHash(): string;
    /** Who issued the certificate that the client was shown. */
    function serverCertIssuer(): string;
    /** The public key of the certificate that the client was shown, in hexadecimal. */
    function serverCertPublicKey(): string;
    /** The SHA-1 digest of the certificate that the client was shown, in hexadecimal. */
    function serverCertSHA1(): string;
    /** The serial number of the certificate that the client was shown, in hexadecimal. */
    function serverCertSerial(): string;
    /** When the certificate that the client was shown begins to be valid. */
    function serverCertStartDate(): string;
    /** Whose the certificate is that the client was shown. */
    function serverCertSubject(): string;
    /** The version of the certificate that the client was shown, from 1. */
    function serverCertVersion(): string;
    /** Asks the node for that name in the handshake of TLS, and wants a certificate for it; the connection serves this request alone. Without effect where a connection is shared (HTTP/2). */
    function setTLSServerName(name: string): void;
    /** The id of the TLS session, in hexadecimal. */
    function sslSessionID(): string;
}

declare namespace stats {
    /** How long the request waited for a node, in ms. */
    function getQueueTime(): number;
    /** How long the node took to the head of its answer, in ms. */
    function getServerResponseTime(): number;
    /** How long the exchange has taken, in ms. */
    function getTransactionDuration(): number;
}

declare namespace string {
    /** The number that a BER compressed integer stands for. */
    function BERToInt(text: string): number;
    /** Old name of string.replaceI. */
    function Ireplace(text: string, search: string, replacement: string): string;
    /** Old name of string.replaceAllI. */
    function IreplaceAll(text: string, search: string, replacement: string): string;
    /** Joins its arguments to one text. */
    function append(...parts: string[]): string;
    /** What base64 stands for; empty if it is none. */
    function base64decode(text: string): string;
    /** The text in base64. */
    function base64encode(text: string): string;
    /** The address that four or sixteen bytes stand for; empty for others. */
    function bytesToDotted(text: string): string;
    /** The number that up to four bytes stand for, the highest first. */
    function bytesToInt(text: string): number;
    /** Below 0, 0 or above 0, as a comes before b, equals it or comes behind it. */
    function cmp(a: string, b: string): number;
    /** Whether needle occurs in haystack. */
    function contains(haystack: string, needle: string): number;
    /** Like string.contains, whatever the case of letters. */
    function containsI(haystack: string, needle: string): number;
    /** How often needle occurs in haystack from start on, without overlaps. */
    function count(haystack: string, needle: string): number;
    /** How often needle occurs in haystack from start on, without overlaps. */
    function count(haystack: string, needle: string, start: number): number;
    /** What string.encrypt was given; empty if the text was forged or the phrase is not the same. */
    function decrypt(text: string, passphrase: string): string;
    /** The bytes of an address; empty if it is none. */
    function dottedToBytes(address: string): string;
    /** All but the last count characters. */
    function drop(text: string, count: number): string;
    /** The text encrypted and sealed with a pass phrase (AES-GCM). */
    function encrypt(text: string, passphrase: string): string;
    /** Whether the text ends with suffix. */
    function endsWith(text: string, suffix: string): number;
    /** Like string.endsWith, whatever the case of letters. */
    function endsWithI(text: string, suffix: string): number;
    /** The text with bytes up to 32 and percent signs escaped. */
    function escape(text: string): string;
    /** The host of host:port; empty if there is none. */
    function extractHost(text: string): string;
    /** The port of host:port; empty if there is none. */
    function extractPort(text: string): string;
    /** Where needle occurs first from start on; -1 for nowhere. */
    function find(haystack: string, needle: string): number;
    /** Where needle occurs first from start on; -1 for nowhere. */
    function find(haystack: string, needle: string, start: number): number;
    /** Like string.find, whatever the case of letters. */
    function findI(haystack: string, needle: string): number;
    /** Like string.find, whatever the case of letters. */
    function findI(haystack: string, needle: string, start: number): number;
    /** Where needle occurs last, fromEnd bytes from the end left out; -1 for nowhere. */
    function findr(haystack: string, needle: string): number;
    /** Where needle occurs last, fromEnd bytes from the end left out; -1 for nowhere. */
    function findr(haystack: string, needle: string, fromEnd: number): number;
    /** A number made of the text, which may be negative. */
    function hash(text: string): number;
    /** The MD5 digest, 16 bytes. Not safe against forgery. */
    function hashMD5(text: string): string;
    /** The SHA-1 digest, 20 bytes. Not safe against forgery. */
    function hashSHA1(text: string): string;
    /** The SHA-256 digest, 32 bytes. */
    function hashSHA256(text: string): string;
    /** The SHA-384 digest, 48 bytes. */
    function hashSHA384(text: string): string;
    /** The SHA-512 digest, 64 bytes. */
    function hashSHA512(text: string): string;
    /** The number that hexadecimal digits stand for; 0 if they are none. */
    function hexToInt(text: string): number;
    /** The bytes that hexadecimal digits stand for; empty if they are none. */
    function hexdecode(text: string): string;
    /** Two hexadecimal digits for each byte. */
    function hexencode(text: string): string;
    /** The text with the entities of string.htmlencode resolved. */
    function htmldecode(text: string): string;
    /** The text with <, >, quotes, & and control characters as entities. */
    function htmlencode(text: string): string;
    /** Like string.cmp, whatever the case of letters. */
    function icmp(a: string, b: string): number;
    /** The text with insertion put in at offset. */
    function insertBytes(text: string, insertion: string, offset: number): string;
    /** A whole number as a BER compressed integer. */
    function intToBER(number: any): string;
    /** A whole number as one, two or four bytes, the highest first. */
    function intToBytes(number: any): string;
    /** A whole number as one, two or four bytes, the highest first. */
    function intToBytes(number: any, size: number): string;
    /** A whole number as eight hexadecimal digits. */
    function intToHex(number: any): string;
    /** Whether the address lies in a block: 10.0.0.0/8, 10.0.0.0/255.0.0.0, 10.0.1. or one address. */
    function ipmaskmatch(address: string, block: string): number;
    /** The first count characters. */
    function left(text: string, count: number): string;
    /** How many bytes the text has. */
    function len(text: string): number;
    /** How many bytes the text has. */
    function length(text: string): number;
    /** The text with A to Z in lower case; other letters, which may be bytes, stay. */
    function lowercase(text: string): string;
    /** The one usual spelling of an address; empty if it is none. */
    function normalizeIPAddress(text: string): string;
    /** That many random bytes, fit for secrets. */
    function randomBytes(count: number): string;
    /** The text quoted so that it stands for itself in a regular expression. */
    function regexescape(text: string): string;
    /** Whether regex matches somewhere in the text; groups become $1 to $9. Flag i: whatever the case of letters. No back-references and no look-around. */
    function regexmatch(text: string, regex: string): number;
    /** Whether regex matches somewhere in the text; groups become $1 to $9. Flag i: whatever the case of letters. No back-references and no look-around. */
    function regexmatch(text: string, regex: string, flags: string): number;
    /** The text with the first match of regex replaced, in which $1 to $9 stand for groups. Flags: g for every match, i for whatever case. */
    function regexsub(text: string, regex: string, replacement: string): string;
    /** The text with the first match of regex replaced, in which $1 to $9 stand for groups. Flags: g for every match, i for whatever case. */
    function regexsub(text: string, regex: string, replacement: string, flags: string): string;
    /** The text with the first occurrence of search replaced. */
    function replace(text: string, search: string, replacement: string): string;
    /** The text with every occurrence of search replaced. */
    function replaceAll(text: string, search: string, replacement: string): string;
    /** Like string.replaceAll, whatever the case of letters. */
    function replaceAllI(text: string, search: string, replacement: string): string;
    /** The text with as many bytes as replacement has overwritten from offset on. */
    function replaceBytes(text: string, replacement: string, offset: number): string;
    /** Like string.replace, whatever the case of letters. */
    function replaceI(text: string, search: string, replacement: string): string;
    /** The text from its end to its beginning. */
    function reverse(text: string): string;
    /** The last count characters. */
    function right(text: string, count: number): string;
    /** All but the first count characters. */
    function skip(text: string, count: number): string;
    /** The parts of the text between separators; its characters if that is empty. */
    function split(text: string): string[];
    /** The parts of the text between separators; its characters if that is empty. */
    function split(text: string, separator: string): string[];
    /** The format with %s, %c, %d and %f replaced by the values, in order. */
    function sprintf(format: string, ...values: any[]): string;
    /** Whether the text begins with prefix. */
    function startsWith(text: string, prefix: string): number;
    /** Like string.startsWith, whatever the case of letters. */
    function startsWithI(text: string, prefix: string): number;
    /** The characters from base to end, that at end included. */
    function substring(text: string, base: number, end: number): string;
    /** The text without white space and control characters at both ends. */
    function trim(text: string): string;
    /** The text without escapes. The % of a bad one becomes _, and $1 becomes 0. */
    function unescape(text: string): string;
    /** The text with a to z in upper case; other letters, which may be bytes, stay. */
    function uppercase(text: string): string;
    /** The text with all but unreserved characters escaped. */
    function urlencode(text: string): string;
    /** The text with all but unreserved and reserved characters and % escaped. */
    function urlencodeexceptreserved(text: string): string;
    /** The text that bytes in UTF-8 stand for; U+FFFD for those that are none. */
    function utf8decode(bytes: string): string;
    /** The bytes of the text in UTF-8, as they stand in messages. */
    function utf8encode(text: string): string;
    /** 4 or 6, as the text is an address of that version; 0 for none. */
    function validIPAddress(text: string): number;
    /** Whether the whole text fits a pattern in which * and ? are wildcards. */
    function wildmatch(text: string, pattern: string): number;
}

declare namespace string.gmtime {
    /** The time stamp as seconds since 1970, its zone ignored; 0 if it is none. */
    function parse(text: string): number;
}

declare namespace sys {
    /** The domain of this machine. */
    function domainname(): string;
    /** The number of this process. */
    function getpid(): number;
    /** The name of this machine, without its domain. */
    function hostname(): string;
    /** 0: the cryptography is not FIPS-certified. */
    function isFIPS(): number;
    function time(): any;
    /** The time, in seconds since 1970, as GMT text. */
    function timeToString(time: any): string;
}

declare namespace sys.gmtime {
    /** The time, in seconds since 1970, written with strftime's letters. */
    function format(format: string): string;
    /** The time, in seconds since 1970, written with strftime's letters. */
    function format(format: string, time: any): string;
}

declare namespace sys.localtime {
    /** The time, in seconds since 1970, written with strftime's letters. */
    function format(format: string): string;
    /** The time, in seconds since 1970, written with strftime's letters. */
    function format(format: string, time: any): string;
}

declare namespace sys.time {
    function highres(): any;
    function hour(time?: any): any;
    function minutes(time?: any): any;
    function month(time?: any): any;
    function monthday(time?: any): any;
    function seconds(time?: any): any;
    function weekday(time?: any): any;
    function year(time?: any): any;
    function yearday(time?: any): any;
}

declare namespace tcp {
    /** Closes a connection. */
    function close(connection: number): void;
    /** Connects to an address, within so many milliseconds; returns what the connection is called by, or 0, and $1 is the error then. The connection is closed when the rule ends. */
    function connect(host: string, port: number): number;
    /** Connects to an address, within so many milliseconds; returns what the connection is called by, or 0, and $1 is the error then. The connection is closed when the rule ends. */
    function connect(host: string, port: number, milliseconds: number): number;
    /** Up to max bytes that come over a connection, within so many milliseconds; empty at its end, and $1 is the error if there was one. */
    function read(connection: number, max: number): string;
    /** Up to max bytes that come over a connection, within so many milliseconds; empty at its end, and $1 is the error if there was one. */
    function read(connection: number, max: number, milliseconds: number): string;
    /** Sends data over a connection, within so many milliseconds, after which it is closed; returns how many bytes, or 0, and $1 is the error then. */
    function write(connection: number, data: string): number;
    /** Sends data over a connection, within so many milliseconds, after which it is closed; returns how many bytes, or 0, and $1 is the error then. */
    function write(connection: number, data: string, milliseconds: number): number;
}

declare namespace udp {
    /** Sends a datagram; 0 when that is not possible, and $1 is the error then. */
    function sendTo(host: string, port: number, data: string): number;
}

declare namespace xml {
    /** Old name of xml.validate.dtd. */
    function validate(document: string, declarations: string): number;
}

declare namespace xml.validate {
    /** 1 when the document, which has no document type of its own, is valid by the declarations of a DTD, 0 when not, -1 if it is no XML. */
    function dtd(document: string, declarations: string): number;
    /** 1 when the document is valid by the XML Schema, 0 when not, -1 if it is no XML. */
    function xsd(document: string, schema: string): number;
}

declare namespace xml.xpath {
    /** How many nodes the query finds; -1 when document or query is none. */
    function matchNodeCount(document: string, namespaces: string, query: string): number;
    /** The text of what the query finds in the document, empty if that is nothing. Namespaces: "xmlns:p=uri xmlns:q=uri". */
    function matchNodeSet(document: string, namespaces: string, query: string): string;
    /** The texts of what the query finds, one for each item; null on an error. */
    function select(document: string, namespaces: string, query: string): any;
}

declare namespace xml.xslt {
    /** The document as the style sheet transforms it; -1 on an error. */
    function transform(document: string, sheet: string): any;
}
