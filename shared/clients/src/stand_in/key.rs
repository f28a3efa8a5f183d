//! A throw-away RSA key that everybody knows: service accounts and ID tokens of the local product are signed with it.

pub(crate) const PRIVATE_KEY_PEM: &str = include_str!("key.pem");
pub(crate) const EXPONENT: &str = "AQAB";
pub(crate) const MODULUS: &str = "nL8Mhi1YCUgc1PdOKwJgjW4rzVvJOAeETC0skBhKMtEq7p5Sm8TCj8r-hI6LrNETmj0boWTqcZYyEuq6-2WI\
    i2YkRgKMFhLyzdQ_egviGXGm_PnV3vjVoOFxZcB4hu2PJYHsVDqGybgntB19DZwdNKpX741XuwswB0kkY9eg3b5uIZuMNvS87W3mdMhi1e3P94LX\
    w_uK8a5D4mU05ZV2LTHxtpS89_dAuIzldDo61mMrydITbCnZ-oZFGU6DXp5XjAPPL8wRvma5LtxuqbMpqzZDvenYlV78f_hWOguT_riAOW-s573F\
    ZsL3JgdBc7gyqxDxOxzwSJCRYggxxNvd_Q";
