//! `cargo xtask demo`: from a fresh clone to an open shop.

use std::process::Command;

use anyhow::Result;

use crate::bundle::{Bundler, Quality};
use crate::processes;
use crate::servers::{self, Profile, Surroundings};
use crate::steps::{Steps, seconds};
use crate::tools;

pub fn run(steps: &mut Steps, open: bool) -> Result<()> {
    // First of all: nobody should wait ten minutes to learn that a port is taken.
    let here = Surroundings::for_a_person("target/demo")?;

    let programs = servers::build(steps, Profile::Quick)?;
    let bundler = Bundler::find_or_install(steps, Quality::Quick)?;
    let site = bundler.shop(steps)?;
    let mut running = Vec::new();
    if here.has_own_idp() {
        steps.run("Install the identity provider's npm packages", |step| {
            tools::install_npm_packages("e2e".as_ref(), step)
        })?;
        running.push(steps.run("Start the identity provider", |_| here.start_idp("IDP_DEMO"))?);
    }
    running.push(steps.run("Start the shop", |_| {
        here.start_shop(&programs.shop, &site.folder, Some("shop.log"))
    })?);
    println!(
        "\nThe shop is open, after {}: {}\nThe shop without a backend follows.\n",
        seconds(steps.elapsed()),
        here.shop_url()
    );
    if open {
        open_browser(&here.shop_url());
    }
    // Nobody waits for it who came for the shop.
    let no_backend = bundler.no_backend(steps)?;
    running.push(steps.run("Start the shop without a backend", |_| {
        here.start_no_backend(&programs.static_files, &no_backend.folder, Some("no-backend.log"))
    })?);

    println!("\n{}", welcome(&here));
    println!("Everything took {}. Ctrl-C ends what was started.", seconds(steps.elapsed()));
    processes::wait_for_interrupt(&mut running)?;
    drop(running);
    println!("\nThe shop is closed.");
    Ok(())
}

/// What a person wants to know first.
pub fn welcome(here: &Surroundings) -> String {
    let shop = here.shop_url();
    let no_backend = here.no_backend_url();
    let issuer = here.issuer();
    let data = here.folder.display();
    let accounts = if here.has_own_idp() {
        "(PeakCommerce ID)
  Demo accounts      ada@example.com     has ordered before
                     grace@example.com   has a second factor; the login page shows its code
                     linus@example.com   signs in with \"Continue with Friendbook\"
  Password of each   demo-password"
    } else {
        "(yours; its accounts)"
    };
    format!(
        "\
The shop is open:    {shop}
Without a backend:   {no_backend}  (the same shop as static files, with tokens in the page)

  Identity provider  {issuer}  {accounts}

What to try first
  S1   Put something into the cart and check out: no account is asked for.
       The card 4242 4242 4242 4242 pays, with any expiry to come and any security code.
  S2   Open \"All Orders\", {shop}/account/orders: it leads to the login, and back to exactly that page.
  S3   Sign in with email and password: from now on there are two sessions, one in the shop and one at
       the identity provider. {shop}/sessions shows what the shop keeps.
  S6   Open {no_backend} and sign in there: its \"Sessions\" page says that there is no local session,
       only the identity provider's.
  S7   Stay there for 90 seconds and watch the page renew its access token silently, in a hidden frame. Then sign
       out of PeakCommerce ID in the first shop: the other one says so at its next renewal.
  S12  Sign out of storezero and sign in again: nothing is asked, for the identity provider's session
       lives on. Sign out of PeakCommerce ID too, and the password is asked for again.

Data and logs are in {data}; delete the folder to start over.
"
    )
}

fn open_browser(address: &str) {
    let opener = |program: &&str| processes::succeeds(Command::new(program).arg(address));
    if !["xdg-open", "open"].iter().any(opener) {
        println!("No browser could be opened from here; the address is {address}.");
    }
}
