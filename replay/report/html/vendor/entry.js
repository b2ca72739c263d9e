// What a report draws with, and nothing else of Apache ECharts; `npm run charts` makes echarts.min.js of it.
import { BarChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  DataZoomInsideComponent,
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([
  LineChart,
  BarChart,
  GridComponent,
  TooltipComponent,
  DataZoomInsideComponent,
  MarkLineComponent,
  AriaComponent,
  SVGRenderer,
]);

export { init, version } from "echarts/core";
