export { lossReasons } from './loss.ts';
export type { Export, ExportFile, Loss, LossReason } from './loss.ts';
export { writeCsv, writeTsv } from './text.ts';
export { writeJson, writeJsonLines } from './json.ts';
export { writeXlsx } from './xlsx/workbook.ts';
export { writeSraXml } from './sra/write.ts';
export { templateHeader, writeTemplate } from './template.ts';
export type { SraOptions } from './sra/write.ts';
