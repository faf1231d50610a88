/** How fast bytes move: over the last seconds, so that it follows the line. */
export function speedometer(now: () => number = () => performance.now()) {
  const window = 8000;
  const marks: { at: number; moved: number }[] = [];
  return {
    /** Notes how much has moved so far. */
    note(moved: number): void {
      const at = now();
      const last = marks.at(-1);
      if (last && at - last.at < 250) last.moved = Math.max(last.moved, moved);
      else marks.push({ at, moved });
      while (marks.length > 2 && at - (marks[1]?.at ?? at) > window) marks.shift();
    },
    /** Counts what was there already as never having moved. */
    shift(by: number): void {
      for (const mark of marks) mark.moved += by;
    },
    /** Bytes per second. */
    rate(): number {
      const [first] = marks;
      const last = marks.at(-1);
      const milliseconds = first ? now() - first.at : 0;
      return first && last && milliseconds > 0 ? Math.max(0, ((last.moved - first.moved) / milliseconds) * 1000) : 0;
    },
  };
}

/** Time left as hours, minutes, seconds. */
export function clockOf(seconds: number): string {
  const whole = Math.round(Math.min(seconds, 359_999));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
