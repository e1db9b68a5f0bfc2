// Connections beyond the rate are cut, and all of them when nobody has said what the rate is.
if (rate.use.noQueue('logins') !== 1) {
    connection.discard();
}
