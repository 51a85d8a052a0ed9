/** The goroutines that a leak check has taken out of a run's list, so that the garbage collector tells who could never have been woken. */
export interface Apart {
  /** This one has ended: answers whether it was one of them. */
  delete(id: number): boolean
  /** Links those that are left again. */
  putBack(): void
}
