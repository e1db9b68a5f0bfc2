// For slow-log: when the request came.
connection.data.set('began', string.sprintf('%f', sys.time.highres()));
