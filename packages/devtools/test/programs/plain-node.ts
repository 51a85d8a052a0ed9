/** A program without Weft. */
setInterval(() => undefined, 1000)
console.log("ready")
