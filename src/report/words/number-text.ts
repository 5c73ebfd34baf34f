/** `1204000` as `1,204,000`: the same on every machine, whatever its locale. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 question`, `1,204 questions`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** `1 image`, `1,204 images`. */
export function imagesText(count: number): string {
  return counted(count, 'image');
}

/** One digit after the point. Cut, so that 100.0 % means all of them; a part above zero never shows as 0.0 %. */
export function percentText(part: number, whole: number): string {
  if (whole === 0) return '-';
  const tenths = Math.floor((part / whole) * 1000);
  return tenths === 0 && part > 0 ? '<0.1 %' : `${(tenths / 10).toFixed(1)} %`;
}

/** `4 s`, `2 min 10 s`, `3 h 05 min`; whole seconds, rounded up so that work still going never shows 0 s. */
export function durationText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
