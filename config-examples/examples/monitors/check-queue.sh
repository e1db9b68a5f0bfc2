#!/bin/sh
# A monitor program: says whether the node given by --ipaddr and --port is well. This one only shows
# the form: exit status 0 is well, anything else is not, and the first line of output is the reason.
limit=0
ipaddr=
port=
for argument in "$@"; do
    case $argument in
    --limit=*) limit=${argument#*=} ;;
    --ipaddr=*) ipaddr=${argument#*=} ;;
    --port=*) port=${argument#*=} ;;
    esac
done

if [ -z "$ipaddr" ] || [ -z "$port" ]; then
    echo "expected --ipaddr and --port"
    exit 2
fi

# Here a real one would ask the node, for example with curl "http://$ipaddr:$port/queue".
length=0
if [ "$length" -gt "$limit" ]; then
    echo "the queue of $ipaddr:$port holds $length jobs, more than $limit"
    exit 1
fi
