import type { ComponentChildren } from "preact"

/** A titled part of what is said about a goroutine. */
export const Part = ({ children, title }: { readonly title: string; readonly children: ComponentChildren }) => (
  <section class="part">
    <h3>{title}</h3>
    {children}
  </section>
)
