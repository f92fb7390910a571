#!/bin/sh
# Sends what is new in a log to the verifier: ship-log.sh <log> <state-file> <verifier-url> <file-with-the-gateway-secret>
# Run it from cron or a timer, as often as you like; it needs curl. What was sent and not confirmed is sent again under
# the same id, so that nothing is counted twice, whatever dies in between.
set -eu
log=$1 state=$2 url=$3 secret_file=$4
most=1000000 lines=5000

exec 9>"$state.lock"
command -v flock >/dev/null && { flock -n 9 || exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'Gatehouse-Secret: %s\n' "$(cat "$secret_file")" >"$work/secret"

inode_of() { ls -i -- "$1" | { read -r inode _ && printf '%s' "$inode"; }; }

# Sends the piece of $file that begins at $offset and ends with a whole line; says how long it was.
send_piece() {
    if [ "$length" -eq 0 ]; then
        tail -c "+$((offset + 1))" -- "$file" | head -c "$most" | head -n "$lines" >"$work/piece"
        # A line that is still being written waits for the next time.
        [ "$(tail -c 1 "$work/piece" | wc -l)" -eq 1 ] || sed '$d' "$work/piece" >"$work/whole"
        [ ! -e "$work/whole" ] || mv "$work/whole" "$work/piece"
        length=$(($(wc -c <"$work/piece")))
        [ "$length" -gt 0 ] || return 1
        printf '%s %s %s\n' "$inode" "$offset" "$length" >"$state.new" && mv "$state.new" "$state" || exit 1
    else
        tail -c "+$((offset + 1))" -- "$file" | head -c "$length" >"$work/piece"
    fi
    curl --silent --show-error --fail --max-time 30 --output /dev/null \
        --header "@$work/secret" --header "Gatehouse-Batch-Id: $(uname -n)-$offset-$(cksum <"$work/piece" | tr ' ' -)" \
        --data-binary "@$work/piece" "$url/v1/events" || exit 1
    offset=$((offset + length)) length=0
    printf '%s %s 0\n' "$inode" "$offset" >"$state.new" && mv "$state.new" "$state" || exit 1
}

[ -e "$log" ] || exit 0
inode=$(inode_of "$log") offset=0 length=0
[ ! -e "$state" ] || read -r inode offset length <"$state"
# After a rotation the rest of the old file comes first.
file=$log
if [ "$inode" != "$(inode_of "$log")" ]; then
    for old in "$log".1 "$log"-* "$log".*; do
        [ ! -f "$old" ] || [ "$inode" != "$(inode_of "$old")" ] || { file=$old && break; }
    done
    if [ "$file" != "$log" ]; then while send_piece; do :; done; fi
    file=$log inode=$(inode_of "$log") offset=0 length=0
fi
# A log that was emptied in place begins anew.
[ "$(($(wc -c <"$log")))" -ge "$((offset + length))" ] || { offset=0 length=0; }
while send_piece; do :; done
