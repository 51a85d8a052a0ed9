import "./thread-main.ts"
