#!/usr/bin/env bash
# Records a few seconds and looks at what came out: is the recording script still whole?
set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
cd "$(dirname "$0")/../.."
skip() { echo "SKIPPED recording a sample: $1"; exit 0; }
[ "$(id -u)" = 0 ] || skip "needs root"
[ -c /dev/net/tun ] || skip "no /dev/net/tun"
for program in ip nft nginx tcpdump ethtool python3; do
  type -P $program >/dev/null || skip "$program is not installed"
done
ip netns add anypin-sample-try 2>/dev/null && ip netns del anypin-sample-try || skip "no network namespaces"

mkdir -p out
LEAD_IN=4 SECONDS_RECORDED=12 samples/record/record.sh out/recording.pcap.gz
node dist/anypin/main.js flows --csv - out/recording.pcap.gz >out/recording.csv
# Some closed in the usual way, some were under way at either end.
for word in fin open true; do
  grep -q "\b$word\b" out/recording.csv || { echo "no connection says $word"; exit 1; }
done
connections=$(($(wc -l <out/recording.csv) - 1))
echo "$connections connections recorded"
[ "$connections" -gt 100 ]
