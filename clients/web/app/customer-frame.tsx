import ReceiptLong from "@mui/icons-material/ReceiptLongOutlined";
import ShoppingBag from "@mui/icons-material/ShoppingBagOutlined";
import AppBar from "@mui/material/AppBar";
import Badge from "@mui/material/Badge";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Container from "@mui/material/Container";
import IconButton from "@mui/material/IconButton";
import Link from "@mui/material/Link";
import Toolbar from "@mui/material/Toolbar";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import { Suspense, useState } from "react";
import { Outlet, Link as RouterLink } from "react-router";

import { DemoChip } from "../../common/demo-chip.tsx";
import { Loading, TinMark } from "../../common/notice.tsx";
import { useSession } from "../../common/use-session.ts";
import { countOf } from "../features/basket/basket.ts";
import { ColorModeButton } from "./color-mode-button.tsx";
import { OfflineBar } from "./offline-bar.tsx";
import { useServices } from "./services.ts";
import { SignInDialog } from "./sign-in-dialog.tsx";
import { useAppSelector } from "./store.ts";

/** Head and body of the customer's pages. */
export function CustomerFrame() {
  const count = useAppSelector((state) => countOf(state.basket));
  return (
    <Box sx={{ minHeight: "100dvh", display: "flex", flexDirection: "column" }}>
      <AppBar position="sticky" sx={{ bgcolor: "background.default", borderBottom: 1, borderColor: "divider" }}>
        <Toolbar sx={{ gap: { xs: 0, sm: 1 } }}>
          <Link
            component={RouterLink}
            to="/"
            color="inherit"
            underline="none"
            aria-label="Tiffin, all restaurants"
            sx={{ display: "flex", alignItems: "center", gap: 1, mr: "auto" }}
          >
            <TinMark size={34} />
            <Typography variant="h3" component="span" sx={{ display: { xs: "none", sm: "inline" } }}>
              Tiffin
            </Typography>
          </Link>
          <DemoChip />
          <ColorModeButton />
          <Tooltip title="My orders">
            <IconButton component={RouterLink} to="/orders" aria-label="My orders" color="inherit">
              <ReceiptLong />
            </IconButton>
          </Tooltip>
          <Tooltip title="Basket">
            <IconButton component={RouterLink} to="/checkout" aria-label={`Basket, ${count} items`} color="inherit">
              <Badge badgeContent={count} color="secondary">
                <ShoppingBag />
              </Badge>
            </IconButton>
          </Tooltip>
          <Account />
        </Toolbar>
      </AppBar>
      <OfflineBar />
      <Container component="main" maxWidth="lg" sx={{ py: { xs: 2, sm: 4 }, flex: 1 }}>
        <Suspense fallback={<Loading what="One moment…" />}>
          <Outlet />
        </Suspense>
      </Container>
    </Box>
  );
}

/** On a phone the chip of the demo gives way. */
const ONE_LINE = { whiteSpace: "nowrap", flexShrink: 0 };

function Account() {
  const { sessions } = useServices();
  const signedIn = useSession(sessions.customer);
  const [open, setOpen] = useState(false);
  if (signedIn) {
    return (
      <Tooltip title={signedIn.person.email}>
        <Button color="inherit" size="small" sx={ONE_LINE} onClick={() => void sessions.customer.close()}>
          Sign out
        </Button>
      </Tooltip>
    );
  }
  return (
    <>
      <Button color="primary" size="small" sx={ONE_LINE} onClick={() => setOpen(true)}>
        Sign in
      </Button>
      <SignInDialog open={open} onClose={() => setOpen(false)} />
    </>
  );
}
