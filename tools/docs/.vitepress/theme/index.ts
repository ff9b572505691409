import theme from 'vitepress/theme-without-fonts';
// oxlint-disable-next-line import/no-unassigned-import -- the generator bundles it
import './style.css';

export default theme;
