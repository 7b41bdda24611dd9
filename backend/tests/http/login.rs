use crate::support::*;

#[tokio::test]
async fn a_person_signs_in_at_the_identity_provider_and_comes_back() {
    let shop = spawn_app().await;
    let ada = shop.customer(ADA).await;
    assert_eq!(ada.signed_in_name().await.as_deref(), Some("Ada Lovelace"));
}
