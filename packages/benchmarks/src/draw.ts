// Draws the charts once more from the committed results.
import { drawCharts } from './report/charts.ts';
import { readResults } from './results.ts';

await drawCharts(readResults('results'));
