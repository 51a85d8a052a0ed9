/** The page. */
import { render } from "preact"
import { takeToken } from "./api/session.ts"
import { App } from "./shell/app.tsx"
import { followKeys } from "./shell/keys.ts"
import { followTheme } from "./shell/theme.ts"
import { connect } from "./state/observed.ts"
import { followAddress } from "./state/route.ts"
import { followSource } from "./trace/opened-trace.ts"

takeToken()
followAddress()
followTheme()
followKeys()
followSource()
render(<App />, document.getElementById("app")!)
void connect()
