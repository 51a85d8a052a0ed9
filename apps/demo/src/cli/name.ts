/** How the demo is called from the repository's root, and so what its help must say. */
export const NAME = "npm run demo --"
