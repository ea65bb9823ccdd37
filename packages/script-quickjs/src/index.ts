export { type QuickjsOptions, quickjsScripts } from './quickjs-scripts.ts';
