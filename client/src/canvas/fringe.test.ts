import { describe, expect, test } from 'vitest';
import { densityPath } from './fringe';

const ends = { x0: 0, x1: 1000 };

function heights(path: string): number[] {
  return [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((m) => Number(m[1])).slice(2, -2);
}

describe('density', () => {
  test('is highest where notes crowd, and never more than 1', () => {
    const crowd = [...Array(50).keys()].map((i) => ({ x: 300 + i }));
    const curve = heights(densityPath([...crowd, { x: 900 }], ends));
    const top = curve.indexOf(Math.max(...curve));
    expect(Math.max(...curve)).toBe(1);
    expect(top / curve.length).toBeGreaterThan(0.28);
    expect(top / curve.length).toBeLessThan(0.36);
    expect(curve[Math.round(curve.length * 0.6)]).toBe(0);
  });

  test('does not fall where notes crowd at an end', () => {
    const curve = heights(densityPath([{ x: 0 }, { x: 2 }, { x: -50 }], ends));
    expect(curve[0]).toBe(1);
  });

  test('is nothing without notes', () => {
    expect(densityPath([], ends)).toBe('');
  });
});
