// A list that shows its beginning until somebody wants all of it.
export class Unfolding {
  readonly #first: number;
  #all = $state(false);

  constructor(first: number) {
    this.#first = first;
  }

  get shown(): number {
    return this.#all ? Infinity : this.#first;
  }

  unfold(): void {
    this.#all = true;
  }
}
