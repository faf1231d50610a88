const locale = (language: string): string => (language === 'zh' ? 'zh-CN' : 'en-GB');

export const formatCount = (value: number, language: string): string => value.toLocaleString(locale(language));

/** Bytes in binary units. */
export function formatBytes(bytes: string, language: string): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let value = Number(bytes);
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${value.toLocaleString(locale(language), { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

export const formatDay = (iso: string, language: string): string =>
  new Date(iso).toLocaleDateString(locale(language), {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  });

export const formatTime = (iso: string, language: string): string =>
  new Date(iso).toLocaleString(locale(language), { dateStyle: 'medium', timeStyle: 'short' });
