#!/usr/bin/env bash
# Records samples/web.pcap.gz: nginx and a few hundred client addresses in network namespaces of
# their own, a wide-area link with delay between them, random loss for half of the clients.
# usage: sudo samples/record/record.sh [OUTPUT.pcap.gz]   (see README.md beside it)
set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "$0")" && pwd)
output=$(realpath -m "${1:-$here/../web.pcap.gz}")
seconds=${SECONDS_RECORDED:-240} # how long the capture runs
lead_in=${LEAD_IN:-15}           # traffic before it begins and after it ends: connections are cut
seed=${SEED:-1}

for program in ip nft nginx tcpdump ethtool python3 node gzip; do
  command -v "$program" >/dev/null || { echo "record.sh: $program is not installed" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "record.sh: network namespaces need root" >&2; exit 2; }

server=anypin-sample-server router=anypin-sample-router clients=anypin-sample-clients
work=$(mktemp -d)
children=() made=()
finish() {
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
  wait 2>/dev/null || true
  for name in "${made[@]}"; do ip netns del "$name" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

# clients ── tun, wan.py, tun ── router (loss) ── Ethernet ── server
for name in $server $router $clients; do
  ip netns add $name # fails while another recording is under way
  made+=($name)
  ip -n $name link set lo up
done
ip -n $router link add lan0 address 00:00:5e:00:53:01 type veth \
  peer name eth0 address 00:00:5e:00:53:09 netns $server
for end in "$router lan0" "$server eth0"; do
  read -r name device <<<"$end"
  # No offload: packets must look as they do on a wire, whole checksums included.
  ip netns exec "$name" ethtool -K "$device" tx off rx off sg off tso off gso off gro off >/dev/null
  ip netns exec "$name" sysctl -qw "net.ipv6.conf.$device.disable_ipv6=1"
  ip -n "$name" link set "$device" up
done
ip -n $router address add 203.0.113.1/24 dev lan0
ip -n $server address add 203.0.113.9/24 dev eth0
ip -n $server route add default via 203.0.113.1
ip netns exec $router sysctl -qw net.ipv4.ip_forward=1
ip netns exec $clients sysctl -qw net.ipv4.tcp_rmem="4096 16384 1048576"
ip netns exec $clients sysctl -qw net.ipv4.ip_local_port_range="1024 65535"
ip netns exec $router nft -f - <<'RULES'
table ip loss {
  chain forward {
    type filter hook forward priority 0
    ip saddr 198.51.100.0/24 numgen random mod 100 < 2 drop
    ip daddr 198.51.100.0/24 numgen random mod 100 < 2 drop
  }
}
RULES

mkdir "$work/www"
python3 "$here/wan.py" "$seed" & children+=($!)
until ip link show anypin-wan0 >/dev/null 2>&1 && ip link show anypin-wan1 >/dev/null 2>&1; do sleep 0.1; done
ip link set anypin-wan0 netns $clients
ip link set anypin-wan1 netns $router
ip -n $clients link set anypin-wan0 up
ip -n $router link set anypin-wan1 up
# A whole prefix is local to the clients' namespace, so each of its addresses may be bound.
for prefix in 192.0.2.0/24 198.51.100.0/24; do
  ip -n $clients route add local $prefix dev lo
  ip -n $router route add $prefix dev anypin-wan1
done
ip -n $clients route add default dev anypin-wan0

python3 - "$work/www" <<'FILES'
import sys
# 1024 files at the quantiles of a Pareto distribution: exponent 1.2, at least 600 bytes.
for i in range(1024):
    size = int(600 / (1 - (i + 0.5) / 1024) ** (1 / 1.2))
    open(f"{sys.argv[1]}/{i}", "wb").write(b"anypin sample\n" * (size // 14 + 1))
FILES
cat >"$work/nginx.conf" <<CONF
daemon off; pid $work/nginx.pid; error_log stderr crit; user root; worker_processes 2;
events { worker_connections 4096; }
http {
  access_log off; default_type text/plain; sendfile on; tcp_nopush on;
  keepalive_timeout 9s; send_timeout 15s; reset_timedout_connection on;
  client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f;
  uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  server { listen 203.0.113.9:80 backlog=1024; root $work/www; }
}
CONF
ip netns exec $server nginx -c "$work/nginx.conf" & children+=($!)
until ip netns exec $server ss -Hltn 'sport = :80' | grep -q :80; do sleep 0.1; done

ip netns exec $clients node "$here/clients.mjs" "$seed" $((seconds + 2 * lead_in)) &
browsing=$!; children+=($browsing)
sleep $lead_in
ip netns exec $server tcpdump -i eth0 -s 96 -Z root -w "$work/web.pcap" tcp &
capture=$!; children+=($capture)
sleep "$seconds"
kill -INT $capture
wait $capture || true
gzip -9n <"$work/web.pcap" >"$output"
ls -l "$output"
