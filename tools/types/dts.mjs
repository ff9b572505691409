export { dts } from 'rollup-plugin-dts';
