#!/usr/bin/env bash
# Makes echarts.min.js of entry.js: Apache ECharts 6.1.0, the parts that a report draws with.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund echarts@6.1.0 esbuild@0.25.12
cp "$here/entry.js" entry.js
npx esbuild entry.js --bundle --minify --legal-comments=none --format=iife --global-name=echarts \
  --target=es2020 --banner:js='/* Apache ECharts 6.1.0, Apache License 2.0; see LICENSE and NOTICE */' \
  --outfile="$here/echarts.min.js"
cp node_modules/echarts/LICENSE node_modules/echarts/NOTICE "$here/"
